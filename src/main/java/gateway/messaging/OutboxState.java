package gateway.messaging;

/** Where a message of the outbox stands. The order is that of the numbers in the database, which never change. */
public enum OutboxState {
    /** Accepted and not yet sent. */
    WAITING,
    /** WhatsApp took it. */
    SENT,
    /** WhatsApp will never take it. */
    FAILED,
    /** A person took it back. */
    CANCELLED,
    /** Cannot be worked on as it is, and waits for a person. To its client it is queued. */
    ASIDE;

    /** The numbers, for statements: a partial index serves only where its own constant stands in the text. */
    static final class Code {
        static final int WAITING = 0;
        static final int SENT = 1;
        static final int FAILED = 2;
        static final int CANCELLED = 3;
        static final int ASIDE = 4;

        private Code() {}
    }

    static OutboxState of(long code) {
        return values()[(int) code];
    }

    int code() {
        return ordinal();
    }
}
