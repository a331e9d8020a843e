package gateway.audit;

/** An event could not be written down. What it would have told of must not happen. */
public final class AuditUnavailable extends RuntimeException {
    AuditUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
