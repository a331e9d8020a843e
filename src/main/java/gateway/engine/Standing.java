package gateway.engine;

/**
 * How an account's connection stands, since when and why. Times are epoch milliseconds.
 *
 * @param reason one word for why it is not connected, such as {@code lost} or {@code replaced}; empty while it is, and
 *     for an account that was never paired
 * @param detail the reason in one sentence without a secret; may be empty
 * @param since when it came to this state
 * @param until when the gateway connects again after a ban; 0 for every other state
 */
public record Standing(State state, String reason, String detail, long since, long until) {
    /** What the connection is doing. */
    public enum State {
        /** No phone is paired. */
        UNPAIRED,
        /** It is down, and opened again by itself. */
        CONNECTING,
        CONNECTED,
        /** WhatsApp bars the account for a time; it is opened again after that. */
        BANNED,
        /** It is opened again only when a person asks for it, or pairs the phone again. */
        STOPPED
    }

    /** A state that needs no reason. */
    public Standing(State state, long since) {
        this(state, "", "", since, 0);
    }
}
