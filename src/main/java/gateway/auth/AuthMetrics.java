package gateway.auth;

import java.util.List;

/** What the entrance counts; names and help texts are in {@code gateway.metrics}. */
public interface AuthMetrics {
    /** The limits on the rate of requests, as {@link #throttled} names them. */
    List<String> LIMITS = List.of("address", "principal", "send_address", "send_principal", "under_way");

    /** The reason of a refused login that is a probe of this machine's own checks. */
    String PROBE = "probe";

    /** Counts nothing. */
    AuthMetrics NONE = new AuthMetrics() {};

    /**
     * A request's credentials were judged.
     *
     * @param outcome  {@code admitted}, {@code refused} or {@code later}
     * @param reason   {@code remembered}, {@code verified}, {@link #PROBE}, or a {@link Admission.Reason}'s label
     * @param listener {@code rest} or {@code admin}
     */
    default void attempt(String outcome, String reason, String listener) {}

    /** A credential that has an end was used: its client has not moved yet. */
    default void retiringCredentialUsed() {}

    /**
     * A request was refused for its rate.
     *
     * @param limit one of {@link #LIMITS}
     */
    default void throttled(String limit) {}
}
