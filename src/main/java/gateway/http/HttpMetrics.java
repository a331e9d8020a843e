package gateway.http;

/** What the HTTP side counts; the names and help texts are in {@code gateway.metrics}. */
public interface HttpMetrics {
    /** For a listener whose figures nobody wants. */
    HttpMetrics NONE = new HttpMetrics() {};

    /**
     * A request was answered. Called on its own thread for every request, so it must be cheap.
     *
     * @param nanos from the request's headers to the reply's
     */
    default void replied(int status, long nanos) {}

    /**
     * A probe of this machine's own checks was refused, which is no failure.
     *
     * @param nanos from the request's headers to the reply's
     */
    default void probed(long nanos) {}

    /** A connection was closed because its client was too slow. */
    default void reaped() {}

    /** The listener had died and was opened again. */
    default void revived() {}
}
