package gateway.webhook;

/**
 * How one attempt ended and what becomes of its delivery.
 *
 * @param at when the attempt began, epoch milliseconds
 * @param status HTTP status; 0 = no answer
 * @param error why there was no answer, or empty
 * @param response the beginning of the answer's body, as text
 */
record Outcome(
        Delivery delivery,
        String endpoint,
        long at,
        long millis,
        int status,
        String error,
        String response,
        Next next) {

    /** What becomes of the delivery. */
    sealed interface Next {
        /** The receiver has it. */
        record Done() implements Next {}

        /** It is tried again at {@code dueAt}. */
        record Again(long dueAt) implements Next {}

        /** It is kept for an operator to look at and replay. */
        record Dead() implements Next {}
    }

    /** For metrics: {@code delivered}, {@code retry} or {@code dead}. */
    String word() {
        return switch (next) {
            case Next.Done done -> "delivered";
            case Next.Again again -> "retry";
            case Next.Dead dead -> "dead";
        };
    }
}
