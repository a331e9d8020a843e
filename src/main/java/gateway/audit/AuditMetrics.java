package gateway.audit;

/** What the security log counts; names and help texts are in {@code gateway.metrics}. */
public interface AuditMetrics {
    /** Counts nothing. */
    AuditMetrics NONE = new AuditMetrics() {};

    /** So many lines are in the file. */
    default void written(int lines) {}

    /** Lines that were in the file are gone, and no rotation took them. */
    default void lost() {}

    /** An event could not be written down. */
    default void failed() {}
}
