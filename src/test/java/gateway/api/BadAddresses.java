package gateway.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import gateway.api.Specification.Field;
import gateway.api.Specification.Operation;

/** Values that a query or a path must not have. */
final class BadAddresses {
    private final ApiRig rig;
    private final Stage stage;

    BadAddresses(ApiRig rig, Stage stage) {
        this.rig = rig;
        this.stage = stage;
    }

    void query(Operation operation, Field field, List<Bad> cases) {
        if (field.required()) {
            cases.add(new Bad("no " + field.name(), field.name(), () -> asked(operation, field, null)));
            cases.add(new Bad("empty " + field.name(), field.name(), () -> asked(operation, field, "")));
            cases.add(new Bad("blank " + field.name(), field.name(), () -> asked(operation, field, "  ")));
        }
        if (operation.id().equals("getReadiness")) {
            return;
        }
        var bad = new LinkedHashMap<String, String>();
        bad.put("long", Bad.LONG.substring(0, 3_000));
        bad.put("NUL", "a\0b");
        switch (field.type()) {
            case "integer" ->
                bad.putAll(Map.of("word", "many", "below", "-1", "above", "99999999999", "fraction", "1.5"));
            case "boolean" -> bad.put("word", "perhaps");
            default -> {
                if (field.schema().path("format").asText().equals("date-time")) {
                    bad.put("word", "yesterday");
                }
            }
        }
        bad.forEach((what, value) ->
                cases.add(new Bad(what + " " + field.name(), field.name(), () -> asked(operation, field, value))));
        cases.add(new Bad("two " + field.name(), field.name(), () -> {
            var query = stage.query(operation, false);
            query.remove(field.name());
            var path = stage.path(operation, query);
            return sent(
                    operation, path + (path.contains("?") ? "&" : "?") + field.name() + "=1&" + field.name() + "=1");
        }));
        cases.add(new Bad("bytes that are no UTF-8 in " + field.name(), field.name(), () -> {
            var query = stage.query(operation, false);
            query.remove(field.name());
            var path = stage.path(operation, query);
            return sent(operation, path + (path.contains("?") ? "&" : "?") + field.name() + "=%ff%fe");
        }));
    }

    private ApiRig.Reply asked(Operation operation, Field field, String value) {
        var query = stage.query(operation, false);
        query.remove(field.name());
        if (value != null) {
            query.put(field.name(), value);
        }
        return sent(operation, stage.path(operation, query));
    }

    private ApiRig.Reply sent(Operation operation, String path) {
        return switch (operation.method()) {
            case "GET" -> rig.get(path);
            case "DELETE" -> rig.delete(path);
            default ->
                operation.hasBody()
                        ? rig.post(path, stage.body(operation, true))
                        : rig.send(rig.request(path).POST(java.net.http.HttpRequest.BodyPublishers.noBody()));
        };
    }

    void path(Operation operation, Field field, List<Bad> cases) {
        var named = Set.of("chat_jid", "message_id").contains(field.name()) ? field.name() : "";
        for (var value : List.of("%00", "..%2f..%2fetc", "a%20b", "%ff", "a".repeat(300))) {
            cases.add(new Bad(value.substring(0, Math.min(12, value.length())) + " as " + field.name(), named, () -> {
                var query = stage.query(operation, true);
                var path = stage.path(operation, query)
                        .replace("/" + stage.value(operation, field).asText(), "/" + value);
                var reply = sent(operation, path);
                // A path that is refused before it is looked at names no field.
                return reply.message().contains("well-formed")
                                || reply.message().startsWith("The address has ")
                                || reply.status() == 404 && (named.isEmpty() || value.startsWith(".."))
                        ? new ApiRig.Reply(
                                reply.status(),
                                reply.type(),
                                reply.body(),
                                ApiRig.object().put("message", named + ":"),
                                reply.headers())
                        : reply;
            }));
        }
    }
}
