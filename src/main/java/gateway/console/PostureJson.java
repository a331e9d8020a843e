package gateway.console;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.check.Posture;
import gateway.check.Report.Kind;
import gateway.http.Envelope;

/** The writer of the machine's posture as JSON, for the console's page. */
final class PostureJson {
    private PostureJson() {}

    static ObjectNode of(Posture posture) {
        var json = Envelope.JSON.createObjectNode();
        posture.nothing().ifPresent(why -> json.put("nothing", why));
        var checks = json.putArray("checks");
        for (var answer : posture.answers()) {
            var check = checks.addObject()
                    .put("name", answer.name())
                    .put("area", answer.area())
                    .put("severity", answer.severity())
                    .put("verdict", answer.verdict().text())
                    .put("evidence", answer.evidence())
                    .put("remedy", answer.remedy())
                    .put("seen", answer.seen().toString());
            answer.ids().forEach(check.putArray("ids")::add);
        }
        put(json, "compared", posture.compared());
        posture.changes().forEach(json.putArray("changes")::add);
        var attestations = json.putArray("attestations");
        for (var said : posture.said()) {
            var one = attestations
                    .addObject()
                    .put("item", said.item().id())
                    .put("demand", said.item().demand())
                    .put("standing", said.standing().name().toLowerCase(Locale.ROOT))
                    .put("by", said.by())
                    .put("command", said.command());
            said.until().ifPresent(day -> one.put("until", day.toString()));
        }
        var reports = json.putArray("reports");
        for (var due : posture.due()) {
            var one = reports.addObject().put("phase", due.phase().text());
            put(one, "newest", due.newest());
            put(one, "due", due.by());
            due.by().ifPresent(by -> one.put("late", by.isBefore(posture.made())));
        }
        var trend = json.putArray("trend");
        for (var day : posture.trend()) {
            counts(trend.addObject().put("day", day.day().toString()), day.counts());
        }
        posture.troubles().forEach(json.putArray("troubles")::add);
        return json;
    }

    private static void counts(ObjectNode day, Map<Kind, Long> counts) {
        for (var kind : Kind.values()) {
            var count = counts.get(kind);
            if (count != null) {
                day.put(kind.text(), count);
            }
        }
    }

    private static void put(ObjectNode json, String name, Optional<Instant> time) {
        time.ifPresent(at -> json.put(name, at.toString()));
    }
}
