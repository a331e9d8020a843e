package gateway.audit;

/** What the security log counts; names and help texts are in {@code gateway.metrics}. */
public interface AuditMetrics {
    /** Counts nothing. */
    AuditMetrics NONE = new AuditMetrics() {
    };

    /** So many lines are in the file. */
    default void written(int lines) {
    }

    /** An event could not be written down. */
    default void failed() {
    }
}
