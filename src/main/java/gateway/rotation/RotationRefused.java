package gateway.rotation;

import java.util.Objects;

/** A secret was not rotated; one sentence with the remedy. The old one is in force. */
public final class RotationRefused extends RuntimeException {
    RotationRefused(String message) {
        super(message, null, false, false);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    RotationRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
