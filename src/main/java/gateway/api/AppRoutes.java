package gateway.api;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.http.ChangingGet;
import gateway.http.Envelope;

/** {@code /app}: pairing an account, how its connection stands, and what this gateway is. */
final class AppRoutes implements HttpService {
    private final AccountCalls accounts;
    private final Pairing pairing;
    private final Api.Rules rules;

    AppRoutes(AccountCalls accounts, Pairing pairing, Api.Rules rules) {
        this.accounts = accounts;
        this.pairing = pairing;
        this.rules = rules;
    }

    @Override
    public void routing(HttpRules routes) {
        routes.get("/login", new ChangingGet(this::login))
                .get("/login-with-code", new ChangingGet(this::loginWithCode))
                .get("/logout", new ChangingGet(this::logout))
                .get("/reconnect", new ChangingGet(this::reconnect))
                .get("/devices", this::devices)
                .get("/status", this::status)
                .get("/info", this::info);
    }

    private void login(ServerRequest request, ServerResponse response) {
        Envelope.success(
                response,
                "Login success",
                pairing.byImage(request, accounts.of(request).session()));
    }

    private void loginWithCode(ServerRequest request, ServerResponse response) {
        var code = pairing.byPhone(request, accounts.of(request).session());
        Envelope.success(
                response,
                "Login with code success",
                Envelope.JSON.createObjectNode().put("pair_code", code));
    }

    private void logout(ServerRequest request, ServerResponse response) {
        accounts.of(request).session().logout();
        Envelope.success(response, "Success logout", null);
    }

    private void reconnect(ServerRequest request, ServerResponse response) {
        accounts.of(request).session().reconnect();
        Envelope.success(response, "Reconnect success", null);
    }

    private void devices(ServerRequest request, ServerResponse response) {
        var list = Envelope.JSON.createArrayNode();
        for (var device : accounts.of(request).session().devices()) {
            list.addObject()
                    .put("name", device.name())
                    .put("device", device.jid().toString())
                    .put("jid", device.jid().toString());
        }
        Envelope.success(response, "Fetch device success", list.isEmpty() ? Envelope.JSON.nullNode() : list);
    }

    private void status(ServerRequest request, ServerResponse response) {
        var account = accounts.of(request);
        var status = account.status();
        Envelope.success(
                response,
                "Connection status retrieved",
                StandingJson.put(
                        status,
                        HoldJson.put(
                                account.hold(),
                                Envelope.JSON
                                        .createObjectNode()
                                        .put("is_connected", status.connected())
                                        .put("is_logged_in", status.loggedIn())
                                        .put(
                                                "device_id",
                                                status.account()
                                                        .map(Object::toString)
                                                        .orElse(""))
                                        .put("profile", rules.profile()))));
    }

    private void info(ServerRequest request, ServerResponse response) {
        var limits = rules.limits();
        Envelope.success(
                response,
                "App info",
                Envelope.JSON
                        .createObjectNode()
                        .put("version", rules.version())
                        .put("os", rules.deviceName())
                        .put("base_path", rules.basePath())
                        .put("max_file_size", limits.document())
                        .put("max_video_size", limits.video())
                        .put("max_image_size", limits.image())
                        .put("chatwoot_enabled", false));
    }
}
