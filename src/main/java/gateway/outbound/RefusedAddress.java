package gateway.outbound;

import java.util.Objects;

/**
 * A URL, or an address its host resolves to, that the gateway will not connect to. The message is one sentence for the
 * caller.
 */
public final class RefusedAddress extends IllegalArgumentException {
    RefusedAddress(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
