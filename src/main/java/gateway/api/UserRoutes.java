package gateway.api;

import java.util.Map;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.api.media.Intake;
import gateway.api.request.Bodies;
import gateway.api.request.Fields;
import gateway.api.request.Recipients;
import gateway.engine.Jid;
import gateway.engine.MediaFile;
import gateway.engine.MediaFiles;
import gateway.http.Envelope;
import gateway.http.Problem;

/** {@code /user}: what WhatsApp knows of a person, and what it shows of this account. */
final class UserRoutes implements HttpService {
    /** WhatsApp's own limit. */
    private static final int MAX_NAME = 25;

    private final AccountCalls accounts;
    private final Bodies bodies;
    private final Recipients recipients;
    private final Intake intake;
    private final PublicAddress address;
    private final SignedLinks links;

    UserRoutes(
            AccountCalls accounts,
            Bodies bodies,
            Recipients recipients,
            Intake intake,
            PublicAddress address,
            SignedLinks links) {
        this.links = links;
        this.accounts = accounts;
        this.bodies = bodies;
        this.recipients = recipients;
        this.intake = intake;
        this.address = address;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/info", this::info)
                .get("/check", this::check)
                .get("/avatar", this::avatar)
                .get("/business-profile", this::business)
                .post("/avatar", this::changeAvatar)
                .post("/pushname", this::pushName)
                .get("/my/privacy", this::privacy)
                .get("/my/groups", this::groups)
                .get("/my/newsletters", this::newsletters)
                .get("/my/contacts", this::contacts);
    }

    private void info(ServerRequest request, ServerResponse response) {
        var user = recipients.user("phone", Fields.ofQuery(request).text("phone"));
        var info = accounts.of(request).session().userInfo(user).orElseThrow(() -> notOnWhatsApp(user));
        var results = Envelope.JSON
                .createObjectNode()
                .put("verified_name", info.verifiedName())
                .put("status", info.about())
                .put("picture_id", info.pictureId());
        info.lid().ifPresent(lid -> results.put("lid", lid.toString()));
        var devices = results.putArray("devices");
        info.devices()
                .forEach(device -> devices.addObject()
                        .put("User", device.user())
                        .put("Agent", 0)
                        .put("Device", device.device() == 0 ? "Phone" : "Linked device " + device.device())
                        .put("Server", device.server())
                        .put("AD", device.toString()));
        Envelope.success(response, "Success get user info", results);
    }

    private void check(ServerRequest request, ServerResponse response) {
        var user = recipients.possible("phone", Fields.ofQuery(request).text("phone"));
        var session = accounts.of(request).session();
        Envelope.success(
                response,
                "Success check user",
                Envelope.JSON
                        .createObjectNode()
                        .put("is_on_whatsapp", user.map(session::isOnWhatsApp).orElse(false)));
    }

    private void avatar(ServerRequest request, ServerResponse response) {
        var query = bodies.query(request);
        var whose = recipients.chat("phone", query.text("phone"));
        boolean preview = query.flag("is_preview");
        boolean community = query.flag("is_community");
        var account = accounts.of(request);
        var avatar = account.session()
                .contacts()
                .avatar(whose, preview, community)
                .orElseThrow(() ->
                        Problem.notFound("There is no picture of " + whose + ", or it is hidden from this account."));
        var url = MediaFile.isId(avatar.url())
                ? address.of(request)
                        + "/"
                        + links.signed(MediaFiles.path(account.device(), avatar.url()), SignedLinks.FILE)
                : avatar.url();
        Envelope.success(
                response,
                "Success get avatar",
                Envelope.JSON
                        .createObjectNode()
                        .put("url", url)
                        .put("id", avatar.id())
                        .put("type", avatar.type()));
    }

    private void business(ServerRequest request, ServerResponse response) {
        var user = recipients.user("phone", Fields.ofQuery(request).text("phone"));
        var business = accounts.of(request)
                .session()
                .contacts()
                .business(user)
                .orElseThrow(() -> Problem.notFound(user + " is not a business."));
        var results = Envelope.JSON
                .createObjectNode()
                .put("jid", business.jid().toString())
                .put("email", business.email())
                .put("address", business.address());
        var categories = results.putArray("categories");
        business.categories()
                .forEach((id, name) -> categories.addObject().put("id", id).put("name", name));
        business.options().forEach(results.putObject("profile_options")::put);
        var hours = results.put("business_hours_timezone", business.timezone()).putArray("business_hours");
        business.hours()
                .forEach(day -> hours.addObject()
                        .put("day_of_week", day.day())
                        .put("mode", day.mode())
                        .put("open_time", day.open())
                        .put("close_time", day.close()));
        Envelope.success(response, "Success get business profile", results);
    }

    private void changeAvatar(ServerRequest request, ServerResponse response) {
        try (var fields = bodies.of(request, Map.of("avatar", intake.limits().image()))) {
            var upload = fields.file("avatar").orElseThrow(() -> Problem.badField("avatar", "cannot be blank"));
            intake.portrait(upload, accounts.of(request).session().profile()::avatar);
            Envelope.success(response, "Success change avatar", null);
        }
    }

    private void pushName(ServerRequest request, ServerResponse response) {
        var name = bodies.of(request).text("push_name", MAX_NAME);
        accounts.of(request).session().profile().pushName(name);
        Envelope.success(response, "Success change push name", null);
    }

    private void privacy(ServerRequest request, ServerResponse response) {
        var privacy = accounts.of(request).session().profile().privacy();
        Envelope.success(
                response,
                "Success get privacy",
                Envelope.JSON
                        .createObjectNode()
                        .put("group_add", privacy.groupAdd())
                        .put("last_seen", privacy.lastSeen())
                        .put("status", privacy.status())
                        .put("profile", privacy.profile())
                        .put("read_receipts", privacy.readReceipts()));
    }

    private void groups(ServerRequest request, ServerResponse response) {
        var results = Envelope.JSON.createObjectNode();
        var data = results.putArray("data");
        accounts.of(request).session().groups().list().forEach(group -> data.add(GroupJson.group(group)));
        Envelope.success(response, "Success get list groups", results);
    }

    private void newsletters(ServerRequest request, ServerResponse response) {
        var results = Envelope.JSON.createObjectNode();
        var data = results.putArray("data");
        accounts.of(request)
                .session()
                .newsletters()
                .list()
                .forEach(channel -> data.add(NewsletterRoutes.newsletter(channel)));
        Envelope.success(response, "Success get list newsletter", results);
    }

    private void contacts(ServerRequest request, ServerResponse response) {
        var results = Envelope.JSON.createObjectNode();
        var data = results.putArray("data");
        accounts.of(request)
                .session()
                .contacts()
                .list()
                .forEach(contact ->
                        data.addObject().put("jid", contact.jid().toString()).put("name", contact.name()));
        Envelope.success(response, "Success get list contacts", results);
    }

    private static Problem notOnWhatsApp(Jid user) {
        return new Problem(400, "INVALID_JID", "Phone " + user + " is not on whatsapp");
    }
}
