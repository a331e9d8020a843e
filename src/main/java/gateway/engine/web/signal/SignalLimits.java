package gateway.engine.web.signal;

/** The bounds of the Signal layer; those with "libsignal" are what other clients expect of a peer. */
public final class SignalLimits {
    /** How far a counter may be ahead of the next expected one in a chain (libsignal: 2000 is taken, 2001 is not). */
    public static final int MAX_JUMP = 2000;
    /** Keys of messages that have not come, per receiving chain or sender key; the oldest are dropped (libsignal). */
    public static final int MAX_SKIPPED_KEYS = 2000;
    /** Keys of messages that have not come, in all states of a session together: 216 KB in the stored form. Our own. */
    public static final int MAX_SKIPPED_KEYS_OF_SESSION = 3 * MAX_SKIPPED_KEYS;
    /** Receiving chains per state; the oldest is dropped (libsignal). */
    public static final int MAX_RECEIVE_CHAINS = 5;
    /** Archived states per session; the oldest is dropped (libsignal). */
    public static final int MAX_ARCHIVED_STATES = 40;
    /** States per sender key record; the oldest is dropped (libsignal). */
    public static final int MAX_SENDER_KEY_STATES = 5;
    /** Bytes of one message on the wire: what a frame can hold, whose length has 24 bits. */
    public static final int MAX_MESSAGE_BYTES = (1 << 24) - 1;
    /** The highest counter that a chain sends; the session must be opened anew long before. Our own. */
    public static final int MAX_COUNTER = Integer.MAX_VALUE - 1;
    /** Bytes of a stored session or sender key record that are read back; above all bounds together. Our own. */
    public static final int MAX_STORED_BYTES = 1 << 20;

    private SignalLimits() {}
}
