package gateway.engine.web.node;

/** The value of an attribute: text, or an address in one of its packed forms. */
public sealed interface Attribute permits Attribute.Text, DeviceJid {
    /** The value as text. */
    String text();

    /** A value that is plain text, tokens and numbers included. */
    record Text(String text) implements Attribute {
        @Override
        public String toString() {
            return text;
        }
    }
}
