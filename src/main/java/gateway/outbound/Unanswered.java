package gateway.outbound;

import java.io.IOException;
import java.util.Objects;

/** No usable answer came: one sentence that says why, fit for logs and the list of attempts. */
public final class Unanswered extends IOException {
    Unanswered(String message) {
        super(message);
    }

    Unanswered(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
