package gateway.api;

import gateway.engine.Jid;
import gateway.engine.Session;
import gateway.http.Problem;
import gateway.messaging.Accounts;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;

/** Which account a request is for: the {@code X-Device-Id} header, the {@code device_id} parameter, or the only one. */
final class AccountCalls {
    private static final HeaderName DEVICE = HeaderNames.create("X-Device-Id");

    private final Accounts accounts;

    AccountCalls(Accounts accounts) {
        this.accounts = accounts;
    }

    /** An account and its line. */
    record Account(String device, Session session) {

        /** The account's own address. @throws Problem 401 when it is not paired */
        Jid self() {
            return session.status().account()
                    .orElseThrow(() -> new Problem(401, "AUTHENTICATION_ERROR", "you are not logged in"));
        }
    }

    /** @throws Problem 404 for an account there is not, 400 when there are several and none is named */
    Account of(ServerRequest request) {
        var device = request.headers().first(DEVICE).or(() -> request.query().first("device_id").asOptional())
                .orElseGet(this::only);
        return accounts.session(device).map(session -> new Account(device, session))
                .orElseThrow(() -> new Problem(404, "DEVICE_NOT_FOUND", "There is no such device."));
    }

    private String only() {
        var devices = accounts.devices();
        if (devices.size() != 1) {
            throw new Problem(400, "DEVICE_ID_REQUIRED", "Name the device in the X-Device-Id header or in device_id.");
        }
        return devices.getFirst();
    }
}
