package gateway.api;

import gateway.http.Envelope;
import gateway.http.Problem;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** {@code /user}: what WhatsApp knows of a person. */
final class UserRoutes implements HttpService {
    private final AccountCalls accounts;
    private final Recipients recipients;

    UserRoutes(AccountCalls accounts, Recipients recipients) {
        this.accounts = accounts;
        this.recipients = recipients;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/info", this::info)
                .get("/check", this::check);
    }

    private void info(ServerRequest request, ServerResponse response) {
        var user = recipients.user("phone", Fields.ofQuery(request).text("phone"));
        var info = accounts.of(request).session().userInfo(user)
                .orElseThrow(() -> new Problem(400, "INVALID_JID", "Phone " + user + " is not on whatsapp"));
        var results = Envelope.JSON.createObjectNode()
                .put("verified_name", info.verifiedName())
                .put("status", info.about())
                .put("picture_id", info.pictureId());
        var devices = results.putArray("devices");
        info.devices().forEach(device -> devices.addObject()
                .put("User", device.user()).put("Agent", 0).put("Device", "Phone").put("Server", device.server())
                .put("AD", device.toString()));
        Envelope.success(response, "Success get user info", results);
    }

    private void check(ServerRequest request, ServerResponse response) {
        var user = recipients.user("phone", Fields.ofQuery(request).text("phone"));
        Envelope.success(response, "Success check user", Envelope.JSON.createObjectNode()
                .put("is_on_whatsapp", accounts.of(request).session().isOnWhatsApp(user)));
    }
}
