package gateway.api;

import gateway.http.Envelope;
import gateway.http.Problem;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** {@code /app}: pairing an account, and how its line stands. */
final class AppRoutes implements HttpService {
    private final AccountCalls accounts;
    private final QrImages images;
    private final PublicAddress address;
    private final Recipients recipients;

    AppRoutes(AccountCalls accounts, QrImages images, PublicAddress address, Recipients recipients) {
        this.accounts = accounts;
        this.images = images;
        this.address = address;
        this.recipients = recipients;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/login", this::login)
                .get("/login-with-code", this::loginWithCode)
                .get("/logout", this::logout)
                .get("/reconnect", this::reconnect)
                .get("/devices", this::devices)
                .get("/status", this::status);
    }

    private void login(ServerRequest request, ServerResponse response) {
        var code = accounts.of(request).session().pair();
        var name = images.draw(code.text(), code.validFor());
        Envelope.success(response, "Login success", Envelope.JSON.createObjectNode()
                .put("qr_link", address.of(request) + "/statics/qrcode/" + name)
                // Half of the time it is valid, as the original says it: clients ask anew after this.
                .put("qr_duration", code.validFor().toSeconds() / 2));
    }

    private void loginWithCode(ServerRequest request, ServerResponse response) {
        var phone = recipients.phone("phone", Fields.ofQuery(request).text("phone"));
        var code = accounts.of(request).session().pairByPhone(phone);
        Envelope.success(response, "Login with code success", Envelope.JSON.createObjectNode().put("pair_code", code));
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
            list.addObject().put("name", device.name()).put("device", device.jid().toString());
        }
        Envelope.success(response, "Fetch device success", list.isEmpty() ? Envelope.JSON.nullNode() : list);
    }

    private void status(ServerRequest request, ServerResponse response) {
        var status = accounts.of(request).session().status();
        Envelope.success(response, "Connection status retrieved", Envelope.JSON.createObjectNode()
                .put("is_connected", status.connected())
                .put("is_logged_in", status.loggedIn())
                .put("device_id", status.account().map(Object::toString).orElse("")));
    }

    /** {@code /statics/qrcode/…}: the image of a pairing under way. */
    void image(ServerRequest request, ServerResponse response) {
        var png = images.find(request.path().pathParameters().get("name"))
                .orElseThrow(() -> Problem.notFound("This QR code has run out; call /app/login for a new one."));
        response.header(HeaderNames.CONTENT_TYPE, "image/png").send(png);
    }
}
