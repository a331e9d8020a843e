package gateway.engine.web.connection;

import gateway.engine.web.node.Node;

/** Somebody who looks at the stanzas of a connection as they pass. Its methods return soon, and throw nothing. */
public interface StanzaWatch {
    /** Nobody looks. */
    StanzaWatch NOBODY = new StanzaWatch() {
        @Override
        public boolean isOn() {
            return false;
        }

        @Override
        public void cameIn(Node stanza) {}

        @Override
        public void wentOut(Node stanza) {}
    };

    /** Whether anything is looked at just now. */
    boolean isOn();

    void cameIn(Node stanza);

    void wentOut(Node stanza);
}
