package gateway.auth;

/** What the entrance counts; names and help texts are in {@code gateway.metrics}. */
public interface AuthMetrics {
    /** Counts nothing. */
    AuthMetrics NONE = new AuthMetrics() {
    };

    /**
     * A request's credentials were judged.
     *
     * @param outcome  {@code admitted}, {@code refused} or {@code later}
     * @param reason   {@code remembered}, {@code verified}, or a {@link Verdict.Reason}'s label
     * @param listener {@code rest} or {@code admin}
     */
    default void attempt(String outcome, String reason, String listener) {
    }

    /** A credential that has an end was used: its client has not moved yet. */
    default void retiringCredentialUsed() {
    }

    /** A request was refused for its rate; {@code scope} is {@code address}, {@code principal} or {@code send}. */
    default void throttled(String scope) {
    }
}
