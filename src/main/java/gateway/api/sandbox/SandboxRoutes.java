package gateway.api.sandbox;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.api.AccountCalls;
import gateway.api.RequestTools;
import gateway.api.request.Bodies;
import gateway.api.request.Fields;
import gateway.api.request.Recipients;
import gateway.api.request.Times;
import gateway.engine.Event;
import gateway.engine.Groups;
import gateway.engine.Jid;
import gateway.engine.sandbox.SandboxSession;
import gateway.engine.sandbox.Scenario;
import gateway.http.Envelope;
import gateway.http.Problem;

/** {@code /sandbox}: makes things happen on the pretended WhatsApp. There only where accounts can have the sandbox. */
final class SandboxRoutes implements HttpService {
    private static final int MAX_SENDS = 1_000_000;
    /** Seconds. */
    private static final long MAX_WAIT = 86_400;
    /** Milliseconds. */
    private static final long MAX_DELAY = 86_400_000;

    private final AccountCalls accounts;
    private final Bodies bodies;
    private final Recipients recipients;

    SandboxRoutes(RequestTools tools) {
        this.accounts = tools.accounts();
        this.bodies = tools.bodies();
        this.recipients = tools.recipients();
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/pair", this::pair)
                .get("/state", this::state)
                .get("/deeds", this::deeds)
                .post("/drop", this::drop)
                .post("/ban", this::ban)
                .post("/receipts", this::receipts)
                .post("/fail", this::fail)
                .post("/contact", this::contact)
                .post("/group", this::group)
                .post("/group/members", this::members)
                .post("/group/request", this::groupRequest)
                .post("/newsletter", this::newsletter)
                .post("/call", this::call);
    }

    /** @throws Problem 501 for an account of another engine, 503 when another node serves the account */
    static SandboxSession session(ServerRequest request, AccountCalls accounts) {
        // The connection, and the state of the pretended network with it, are on the node that serves the account.
        var account = accounts.of(request);
        if (account.hold().isPresent()) {
            throw Problem.conflict("This device is held by an operator: nothing happens to it until it is released.");
        }
        if (account.session() instanceof SandboxSession session) {
            return session;
        }
        throw new Problem(501, "NOT_IMPLEMENTED", "The engine of this device is not the sandbox.");
    }

    private Scenario scenario(ServerRequest request) {
        return session(request, accounts).scenario();
    }

    private void pair(ServerRequest request, ServerResponse response) {
        var jid = session(request, accounts).scan();
        Envelope.success(response, "Sandbox: the code was scanned", object().put("device", jid.toString()));
    }

    private void state(ServerRequest request, ServerResponse response) {
        var weather = scenario(request).weather();
        Envelope.success(
                response,
                "Sandbox: state",
                object().put("banned", weather.banned())
                        .put("dropped", weather.dropped())
                        .put("fail_next", weather.failNext())
                        .put("delivered_after_ms", weather.deliveredAfter())
                        .put("read_after_ms", weather.readAfter()));
    }

    private void deeds(ServerRequest request, ServerResponse response) {
        int limit = (int) Fields.ofQuery(request).number("limit", 1, 100, 25);
        var results = object();
        var data = results.putArray("data");
        scenario(request)
                .deeds(limit)
                .forEach(deed -> data.addObject()
                        .put("deed", deed.deed())
                        .put("subject", deed.subject())
                        .put("detail", deed.detail())
                        .put("timestamp", Times.rfc3339(deed.at())));
        Envelope.success(response, "Sandbox: what the account did", results);
    }

    private void drop(ServerRequest request, ServerResponse response) {
        scenario(request).drop();
        Envelope.success(response, "Sandbox: the connection is down until /app/reconnect", null);
    }

    private void ban(ServerRequest request, ServerResponse response) {
        boolean banned = bodies.of(request).requiredFlag("banned");
        scenario(request).ban(banned);
        Envelope.success(response, banned ? "Sandbox: the number is banned" : "Sandbox: the ban is lifted", null);
    }

    private void receipts(ServerRequest request, ServerResponse response) {
        var fields = bodies.of(request);
        long delivered = fields.requiredNumber("delivered_after_ms", -1, MAX_DELAY);
        long read = fields.requiredNumber("read_after_ms", -1, MAX_DELAY);
        scenario(request).receipts(delivered, read);
        Envelope.success(response, "Sandbox: receipts come later", null);
    }

    private void fail(ServerRequest request, ServerResponse response) {
        var fields = bodies.of(request);
        int sends = (int) fields.requiredNumber("sends", 0, MAX_SENDS);
        boolean passing = fields.optionalFlag("passing").orElse(true);
        var how = fields.given("how")
                ? fields.word("how", "try_later", "rejected", "restricted", "window_closed", "failed_later")
                : passing ? "try_later" : "rejected";
        scenario(request).failNext(sends, how, fields.number("retry_after", 0, MAX_WAIT, 0));
        Envelope.success(response, "Sandbox: the next " + sends + " sends fail", null);
    }

    private void contact(ServerRequest request, ServerResponse response) {
        var fields = bodies.of(request);
        var user = recipients.user("phone", fields.text("phone"));
        scenario(request)
                .contact(user, fields.text("name", 256), fields.optionalText("about", 256), fields.flag("business"));
        Envelope.success(response, "Sandbox: the contact is there", object().put("jid", user.toString()));
    }

    private void group(ServerRequest request, ServerResponse response) {
        var fields = bodies.of(request);
        var title = fields.text("title", 100);
        var owner = recipients.user("owner", fields.text("owner"));
        var members = recipients.users("participants", fields);
        var scenario = scenario(request);
        var group = scenario.group(title, owner, members, fields.flag("approval"));
        Envelope.success(
                response,
                "Sandbox: somebody made a group",
                object().put("group_id", group.jid().toString())
                        .put("invite_link", "https://chat.whatsapp.com/" + scenario.invite(group.jid())));
    }

    private void members(ServerRequest request, ServerResponse response) {
        var fields = bodies.of(request);
        var group = recipients.group("group_id", fields.text("group_id"));
        var change = switch (fields.word("type", "join", "leave", "promote", "demote")) {
            case "join" -> Groups.Change.ADD;
            case "leave" -> Groups.Change.REMOVE;
            case "promote" -> Groups.Change.PROMOTE;
            default -> Groups.Change.DEMOTE;
        };
        scenario(request).members(group, change, recipients.users("participants", fields));
        Envelope.success(response, "Sandbox: the members changed", null);
    }

    private void groupRequest(ServerRequest request, ServerResponse response) {
        var fields = bodies.of(request);
        var group = recipients.group("group_id", fields.text("group_id"));
        scenario(request).ask(group, recipients.user("phone", fields.text("phone")));
        Envelope.success(response, "Sandbox: somebody asked to join", null);
    }

    private void newsletter(ServerRequest request, ServerResponse response) {
        var fields = bodies.of(request);
        var jid = recipients.newsletter("newsletter_id", fields.text("newsletter_id"));
        var scenario = scenario(request);
        switch (fields.word("type", "join", "message", "mute", "unmute")) {
            case "join" ->
                scenario.newsletter(jid, fields.text("name", 100), fields.optionalText("description", 2_048));
            case "message" ->
                scenario.happen(now -> new Event.Newsletter(
                        Event.Newsletter.Change.MESSAGE,
                        jid,
                        "",
                        fields.text("message"),
                        UUID.randomUUID().toString(),
                        now));
            case "mute" ->
                scenario.happen(now -> new Event.Newsletter(Event.Newsletter.Change.MUTE, jid, "", "on", "", now));
            default ->
                scenario.happen(now -> new Event.Newsletter(Event.Newsletter.Change.MUTE, jid, "", "off", "", now));
        }
        Envelope.success(response, "Sandbox: the channel changed", null);
    }

    private void call(ServerRequest request, ServerResponse response) {
        var fields = bodies.of(request);
        var from = recipients.user("from", fields.text("from"));
        var group = fields.given("group_id")
                ? Optional.of(recipients.group("group_id", fields.text("group_id")))
                : Optional.<Jid>empty();
        var id = UUID.randomUUID().toString().replace("-", "").toUpperCase(Locale.ROOT);
        scenario(request).happen(now -> new Event.CallOffer(id, from, group, "android", false, now));
        Envelope.success(response, "Sandbox: somebody calls", object().put("call_id", id));
    }

    private static ObjectNode object() {
        return Envelope.JSON.createObjectNode();
    }
}
