package gateway.audit;

import org.jspecify.annotations.Nullable;

/** An event could not be written down. What it would have told of must not happen. */
public final class AuditUnavailable extends RuntimeException {
    AuditUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
