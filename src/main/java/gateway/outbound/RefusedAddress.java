package gateway.outbound;

/** A URL, or an address its host resolves to, that the gateway will not connect to. The message is one sentence for the caller. */
public final class RefusedAddress extends IllegalArgumentException {
    RefusedAddress(String message) {
        super(message);
    }
}
