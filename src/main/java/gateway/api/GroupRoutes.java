package gateway.api;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.api.media.Intake;
import gateway.api.request.Bodies;
import gateway.api.request.Fields;
import gateway.api.request.Recipients;
import gateway.engine.Groups;
import gateway.engine.Jid;
import gateway.http.ChangingGet;
import gateway.http.Envelope;
import gateway.http.Problem;

/** {@code /group}: making, joining, leaving and setting up groups. */
final class GroupRoutes implements HttpService {
    private static final Pattern LINK =
            Pattern.compile("https://chat\\.whatsapp\\.com/(?:invite/)?([A-Za-z0-9]{10,64})");
    private static final String LINK_START = "https://chat.whatsapp.com/";
    /** As the original's contract has it; WhatsApp itself takes 100 by now. */
    private static final int MAX_NAME = 25;

    private static final int MAX_TOPIC = 2_048;
    private static final int MAX_LINK = 256;

    private final AccountCalls accounts;
    private final Bodies bodies;
    private final Recipients recipients;
    private final Intake intake;

    GroupRoutes(AccountCalls accounts, Bodies bodies, Recipients recipients, Intake intake) {
        this.accounts = accounts;
        this.bodies = bodies;
        this.recipients = recipients;
        this.intake = intake;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/", this::create)
                .get("/info", this::info)
                .post("/join-with-link", this::join)
                .get("/info-from-link", this::preview)
                .post("/leave", this::leave)
                .post("/photo", this::photo)
                .post("/name", this::name)
                .post("/locked", this::locked)
                .post("/announce", this::announce)
                .post("/topic", this::topic)
                .get("/invite-link", this::inviteLink);
    }

    private Groups groups(ServerRequest request) {
        return accounts.of(request).session().groups();
    }

    private void create(ServerRequest request, ServerResponse response) {
        var fields = bodies.of(request).requiring("participants", "title");
        var title = fields.text("title", MAX_NAME);
        var members = recipients.users("participants", fields);
        var jid = groups(request).create(title, members);
        Envelope.success(
                response,
                "Success created group with id " + jid,
                Envelope.JSON.createObjectNode().put("group_id", jid.toString()));
    }

    private void info(ServerRequest request, ServerResponse response) {
        var jid = recipients.group("group_id", Fields.ofQuery(request).text("group_id"));
        Envelope.success(
                response,
                "Success get group info",
                GroupJson.group(groups(request).info(jid)));
    }

    private void join(ServerRequest request, ServerResponse response) {
        var code = code(bodies.of(request));
        Envelope.success(
                response,
                "Success joined group",
                Envelope.JSON
                        .createObjectNode()
                        .put("group_id", groups(request).join(code).toString()));
    }

    private void preview(ServerRequest request, ServerResponse response) {
        var code = code(Fields.ofQuery(request));
        Envelope.success(
                response,
                "Success get group info from link",
                GroupJson.preview(groups(request).preview(code)));
    }

    private static String code(Fields fields) {
        var link = LINK.matcher(fields.text("link", MAX_LINK).strip());
        if (!link.matches()) {
            throw Problem.badField("link", "must be an invite link such as " + LINK_START + "AbCdEfGhIjK");
        }
        return link.group(1);
    }

    private void leave(ServerRequest request, ServerResponse response) {
        groups(request).leave(group(bodies.of(request)));
        Envelope.success(response, "Success leave group", null);
    }

    private void photo(ServerRequest request, ServerResponse response) {
        try (var fields = bodies.of(request, Map.of("photo", intake.limits().image()))) {
            var jid = group(fields);
            var upload = fields.file("photo");
            var id = new AtomicReference<String>();
            if (upload.isPresent()) {
                intake.portrait(upload.get(), jpeg -> id.set(groups(request).photo(jid, Optional.of(jpeg))));
            } else {
                id.set(groups(request).photo(jid, Optional.empty()));
            }
            var sentence = upload.isPresent() ? "Success update group photo" : "Success remove group photo";
            Envelope.success(
                    response,
                    sentence,
                    Envelope.JSON.createObjectNode().put("picture_id", id.get()).put("message", sentence));
        }
    }

    private void name(ServerRequest request, ServerResponse response) {
        var fields = bodies.of(request).requiring("group_id", "name");
        var jid = group(fields);
        var name = fields.text("name", MAX_NAME);
        groups(request).name(jid, name);
        Envelope.success(response, "Success update group name to '" + name + "'", null);
    }

    private void locked(ServerRequest request, ServerResponse response) {
        var fields = bodies.of(request).requiring("group_id", "locked");
        var jid = group(fields);
        boolean locked = fields.requiredFlag("locked");
        groups(request).locked(jid, locked);
        Envelope.success(response, locked ? "Success set group as locked" : "Success set group as unlocked", null);
    }

    private void announce(ServerRequest request, ServerResponse response) {
        var fields = bodies.of(request).requiring("announce", "group_id");
        var jid = group(fields);
        boolean announce = fields.requiredFlag("announce");
        groups(request).announce(jid, announce);
        Envelope.success(response, announce ? "Success enable announce mode" : "Success disable announce mode", null);
    }

    private void topic(ServerRequest request, ServerResponse response) {
        var fields = bodies.of(request);
        var jid = group(fields);
        var topic = fields.optionalText("topic", MAX_TOPIC).strip();
        groups(request).topic(jid, topic);
        Envelope.success(response, topic.isEmpty() ? "Success remove group topic" : "Success update group topic", null);
    }

    private void inviteLink(ServerRequest request, ServerResponse response) {
        var query = bodies.query(request);
        var jid = recipients.group("group_id", query.text("group_id"));
        boolean reset = query.flag("reset");
        if (reset) {
            ChangingGet.refuseHead();
        }
        Envelope.success(
                response,
                "Success get group invite link",
                Envelope.JSON
                        .createObjectNode()
                        .put("invite_link", LINK_START + groups(request).invite(jid, reset))
                        .put("group_id", jid.toString()));
    }

    private Jid group(Fields fields) {
        return recipients.group("group_id", fields.text("group_id"));
    }
}
