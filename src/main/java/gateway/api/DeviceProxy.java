package gateway.api;

import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.api.request.Bodies;
import gateway.api.request.Fields;
import gateway.config.Invalid;
import gateway.config.ProxyAddress;
import gateway.engine.OutboundProxy;
import gateway.engine.Session;
import gateway.http.Envelope;
import gateway.http.Problem;
import gateway.messaging.Accounts;

/**
 * {@code /devices/{device_id}/proxy}: the HTTP proxy by which an account's connections and downloads leave. Replies show
 * where it is, and never its user and password.
 */
final class DeviceProxy implements HttpService {
    private static final String FIELD = "proxy";
    private static final int MAX_URL = 1_024;

    private final AccountCalls calls;
    private final Accounts accounts;
    private final Bodies bodies;

    DeviceProxy(AccountCalls calls, Accounts accounts, Bodies bodies) {
        this.calls = calls;
        this.accounts = accounts;
        this.bodies = bodies;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/{device_id}/proxy", this::show).put("/{device_id}/proxy", this::change);
    }

    private void show(ServerRequest request, ServerResponse response) {
        var account = calls.inPath(request);
        Envelope.success(response, "Device proxy", json(account.device(), account.session()));
    }

    private void change(ServerRequest request, ServerResponse response) {
        var account = calls.inPath(request);
        var fields = bodies.of(request);
        if (!fields.given(FIELD)) {
            throw Problem.badField(FIELD, "is missing; an empty one removes the proxy");
        }
        var proxy = asked(fields);
        if (proxy.isPresent()) {
            check(proxy, calls.kept(account.device()).engine());
        }
        account.session().wire().proxy(proxy);
        Envelope.success(
                response,
                proxy.isPresent() ? "The account connects by this proxy" : "The account has no proxy of its own",
                json(account.device(), account.session()));
    }

    /** The proxy that a request names; empty when it names none. */
    static Optional<OutboundProxy> asked(Fields fields) {
        var text = fields.optionalText(FIELD, MAX_URL);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            var given = ProxyAddress.parse(text);
            return Optional.of(new OutboundProxy(
                    given.host(),
                    given.port(),
                    given.user().orElse(""),
                    given.password().reveal()));
        } catch (Invalid e) {
            throw Problem.badField(FIELD, e.what() + "; " + e.remedy());
        }
    }

    /** Refuses a proxy that an account of the engine may not have, before it has the proxy. */
    void check(Optional<OutboundProxy> proxy, String engine) {
        proxy.flatMap(named -> accounts.engines().find(engine).flatMap(known -> known.refusal(named)))
                .ifPresent(refusal -> {
                    throw Problem.badField(FIELD, refusal);
                });
    }

    /** Gives a new account its proxy; without it the account does not stay. */
    void give(String device, Optional<OutboundProxy> proxy) {
        if (proxy.isEmpty()) {
            return;
        }
        try {
            calls.of(device).session().wire().proxy(proxy);
        } catch (RuntimeException e) {
            accounts.remove(device);
            throw e;
        }
    }

    private static ObjectNode json(String device, Session session) {
        return Envelope.JSON
                .createObjectNode()
                .put("device_id", device)
                .put(FIELD, session.wire().proxy().map(OutboundProxy::address).orElse(""));
    }
}
