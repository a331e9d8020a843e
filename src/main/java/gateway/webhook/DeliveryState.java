package gateway.webhook;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Where a delivery stands. The order is that of the numbers in the database, which never change. */
enum DeliveryState {
    /** Due now or later. */
    WAITING,
    /** The receiver has it. */
    DELIVERED,
    /** Given up; kept for an operator to look at and replay. */
    DEAD,
    /** Cannot be worked on as it is, and waits for a person. */
    ASIDE;

    /** The numbers, for statements: a partial index serves only where its own constant stands in the text. */
    static final class Code {
        static final int WAITING = 0;
        static final int DELIVERED = 1;
        static final int DEAD = 2;
        static final int ASIDE = 3;

        private Code() {}
    }

    static DeliveryState of(long code) {
        return values()[(int) code];
    }

    static Optional<DeliveryState> named(String word) {
        return Stream.of(values()).filter(state -> state.word().equals(word)).findFirst();
    }

    int code() {
        return ordinal();
    }

    /** The state's name for operators and in the API. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
