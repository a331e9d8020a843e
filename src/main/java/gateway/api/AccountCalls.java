package gateway.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

import gateway.engine.Jid;
import gateway.engine.Session;
import gateway.http.Problem;
import gateway.messaging.Accounts;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;

/**
 * Which account a request is for: the {@code X-Device-Id} header, the {@code device_id} parameter, or the only one. An
 * account is named by its id, or by its address on WhatsApp.
 */
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
        var named = request.headers().first(DEVICE).map(AccountCalls::decoded)
                .or(() -> request.query().first("device_id").asOptional()).filter(name -> !name.isEmpty());
        return of(named.orElseGet(this::only));
    }

    /** @throws Problem 404 for an account there is not */
    Account of(String named) {
        return accounts.session(named).map(session -> new Account(named, session))
                .or(() -> accounts.devices().stream().flatMap(device -> accounts.session(device)
                        .filter(session -> session.status().account().filter(jid -> jid.toString().equals(named)
                                || jid.user().equals(named)).isPresent())
                        .map(session -> new Account(device, session)).stream()).findFirst())
                .orElseThrow(() -> new Problem(404, "DEVICE_NOT_FOUND", "There is no such device."));
    }

    private static String decoded(String header) {
        try {
            return URLDecoder.decode(header, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Problem.badField("X-Device-Id", "is not correctly percent-encoded");
        }
    }

    private String only() {
        var devices = accounts.devices();
        if (devices.size() != 1) {
            throw new Problem(400, "DEVICE_ID_REQUIRED", "Name the device in the X-Device-Id header or in device_id.");
        }
        return devices.getFirst();
    }
}
