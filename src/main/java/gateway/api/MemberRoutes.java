package gateway.api;

import java.nio.charset.StandardCharsets;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.api.request.Bodies;
import gateway.api.request.Fields;
import gateway.api.request.Recipients;
import gateway.api.request.Times;
import gateway.engine.Groups;
import gateway.engine.Groups.Change;
import gateway.http.Envelope;

/** {@code /group/participants} and {@code /group/participant-requests}: who is in a group, and who would like to be. */
final class MemberRoutes implements HttpService {
    private final AccountCalls accounts;
    private final Bodies bodies;
    private final Recipients recipients;

    MemberRoutes(AccountCalls accounts, Bodies bodies, Recipients recipients) {
        this.accounts = accounts;
        this.bodies = bodies;
        this.recipients = recipients;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/participants", this::list)
                .get("/participants/export", this::export)
                .post("/participants", change(Change.ADD, "Success add participants"))
                .post("/participants/remove", change(Change.REMOVE, "Success delete participants"))
                .post("/participants/promote", change(Change.PROMOTE, "Success promote participants"))
                .post("/participants/demote", change(Change.DEMOTE, "Success demote participants"))
                .get("/participant-requests", this::requests)
                .post("/participant-requests/approve", answer(true, "Success approve requested participants"))
                .post("/participant-requests/reject", answer(false, "Success reject requested participants"));
    }

    private Groups.Group group(ServerRequest request) {
        var jid = recipients.group("group_id", Fields.ofQuery(request).text("group_id"));
        return accounts.of(request).session().groups().info(jid);
    }

    private void list(ServerRequest request, ServerResponse response) {
        Envelope.success(response, "Success getting group participants", GroupJson.participants(group(request)));
    }

    private void export(ServerRequest request, ServerResponse response) {
        var group = group(request);
        response.header(HeaderNames.CONTENT_TYPE, "text/csv; charset=utf-8")
                .header(
                        HeaderNames.CONTENT_DISPOSITION,
                        "attachment; filename=\"group-" + group.jid().user() + "-participants.csv\"")
                .send(GroupJson.csv(group).getBytes(StandardCharsets.UTF_8));
    }

    private io.helidon.webserver.http.Handler change(Change change, String sentence) {
        return (request, response) -> {
            var fields = bodies.of(request).requiring("group_id", "participants");
            var jid = recipients.group("group_id", fields.text("group_id"));
            var members = recipients.users("participants", fields);
            var outcomes = accounts.of(request).session().groups().change(jid, change, members);
            Envelope.success(response, sentence, GroupJson.outcomes(outcomes));
        };
    }

    private void requests(ServerRequest request, ServerResponse response) {
        var jid = recipients.group("group_id", Fields.ofQuery(request).text("group_id"));
        var array = Envelope.JSON.createArrayNode();
        for (var asked : accounts.of(request).session().groups().requests(jid)) {
            array.addObject()
                    .put("jid", asked.jid().toString())
                    .put("phone_number", asked.jid().user())
                    .put("requested_at", Times.rfc3339(asked.at()));
        }
        Envelope.success(response, "Success getting list requested participants", array);
    }

    private io.helidon.webserver.http.Handler answer(boolean approve, String sentence) {
        return (request, response) -> {
            var fields = bodies.of(request).requiring("group_id", "participants");
            var jid = recipients.group("group_id", fields.text("group_id"));
            var members = recipients.users("participants", fields);
            var outcomes = accounts.of(request).session().groups().answer(jid, approve, members);
            Envelope.success(response, sentence, GroupJson.outcomes(outcomes));
        };
    }
}
