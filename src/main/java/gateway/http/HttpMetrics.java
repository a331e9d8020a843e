package gateway.http;

/** What the HTTP side counts; the names and help texts are in {@code gateway.metrics}. */
public interface HttpMetrics {
    /** For a listener whose figures nobody wants. */
    HttpMetrics NONE = new HttpMetrics() {
    };

    /** A connection was closed because its client was too slow. */
    default void reaped() {
    }

    /** The listener had died and was opened again. */
    default void revived() {
    }
}
