package gateway.http;

import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;

/**
 * Decides about a WebSocket before it opens. Filters and routes do not see an upgrade, so whatever they guard has to be
 * guarded here again.
 */
@FunctionalInterface
public interface UpgradeGate {
    /** Refuses every upgrade. */
    UpgradeGate CLOSED = (exchange, prologue, headers) -> {
        throw Problem.notFound("There is nothing at this address.");
    };

    /** @throws Problem to refuse; returning opens the socket */
    void admit(Exchange exchange, HttpPrologue prologue, Headers headers);
}
