package gateway.api;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.api.Specification.Field;
import gateway.api.Specification.Operation;
import gateway.http.Envelope;

/** What must be there for an operation to succeed, and good values for every field of the contract. */
final class Stage {
    private final ApiRig rig;
    private String group;
    private String invite;
    private String message;
    private String media;

    Stage(ApiRig rig) {
        this.rig = rig;
    }

    /** The same stage for another gateway, which has a copy of all the data. */
    Stage on(ApiRig other) {
        var copy = new Stage(other);
        copy.group = group;
        copy.invite = invite;
        copy.message = message;
        copy.media = media;
        return copy;
    }

    /** A group with three members, of whom this account is the one that made it. */
    String group() {
        return group;
    }

    /** A message with words, from Alice. */
    String message() {
        return message;
    }

    /** A message with a document, from Alice. */
    String media() {
        return media;
    }

    /** Makes everything an operation may speak of: a message with a file, a group with a request, a channel. */
    Stage set() {
        rig.accounts.devices().stream()
                .filter(device -> !device.equals(ApiRig.DEVICE))
                .forEach(device -> rig.delete("/devices/" + device + "?force=true"));
        if (!rig.accounts.session(ApiRig.DEVICE).orElseThrow().status().loggedIn()) {
            rig.paired();
        }
        if (!rig.accounts.session(ApiRig.DEVICE).orElseThrow().status().connected()) {
            rig.post("/sandbox/ban", ApiRig.object().put("banned", false));
            rig.get("/app/reconnect");
        }
        var made = rig.post(
                "/group",
                ApiRig.object().put("title", "Test group").set("participants", array(ApiRig.ALICE, ApiRig.BOB)));
        group = made.results().path("group_id").asText();
        invite = rig.get("/group/invite-link?group_id=" + group)
                .results()
                .path("invite_link")
                .asText();
        rig.post(
                "/sandbox/group/request", ApiRig.object().put("group_id", group).put("phone", "12025550104"));
        rig.post(
                "/sandbox/newsletter",
                ApiRig.object()
                        .put("newsletter_id", "120363144038483540@newsletter")
                        .put("type", "join")
                        .put("name", "News"));
        message = rig.post(
                        "/sandbox/inbound",
                        ApiRig.object().put("from", ApiRig.ALICE).put("message", "Hello"))
                .results()
                .path("message_id")
                .asText();
        media = rig.multipart(
                        "/sandbox/inbound",
                        Map.of("from", ApiRig.ALICE, "type", "document"),
                        Map.of("file", Samples.file("file")))
                .results()
                .path("message_id")
                .asText();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> rig.store.number("SELECT count(*) FROM message WHERE id IN (?, ?)", message, media) == 2);
        rig.quiet();
        return this;
    }

    static ArrayNode array(String... texts) {
        var array = Envelope.JSON.createArrayNode();
        for (var text : texts) {
            array.add(text);
        }
        return array;
    }

    /** A good value. */
    JsonNode value(Operation operation, Field field) {
        var json = Envelope.JSON.getNodeFactory();
        return switch (field.name()) {
            case "phone", "contact_phone", "from", "owner" ->
                json.textNode(
                        operation.path().equals("/user/business-profile")
                                ? "12025550103"
                                : operation.path().equals("/app/login-with-code") ? "12025550199" : ApiRig.ALICE);
            case "caller_jid" -> json.textNode(ApiRig.ALICE + "@s.whatsapp.net");
            case "chat_jid", "chat" -> json.textNode(ApiRig.ALICE + "@s.whatsapp.net");
            case "message_id" -> json.textNode(operation.path().endsWith("/download") ? media : message);
            case "reply_message_id" -> json.textNode(message);
            case "group_id" -> json.textNode(group);
            case "newsletter_id" -> json.textNode("120363144038483540@newsletter");
            case "participants" ->
                operation.path().contains("participant-requests")
                        ? array("12025550104")
                        : operation.path().equals("/group/participants") ? array("12025550105") : array(ApiRig.ALICE);
            case "mentions" -> array(ApiRig.BOB);
            case "options" -> array("Tea", "Coffee");
            case "link" ->
                json.textNode(operation.path().startsWith("/group") ? invite : "https://example.org/page?a=1");
            case "max_answer" -> json.numberNode(1);
            case "latitude" -> json.textNode("-6.2");
            case "longitude" -> json.textNode("106.816666");
            case "emoji" -> json.textNode("🙏");
            case "start_time" -> json.textNode("2020-01-01T00:00:00Z");
            case "end_time" -> json.textNode("2100-01-01T00:00:00+07:00");
            case "type" ->
                json.textNode(
                        operation.path().equals("/send/presence")
                                ? "available"
                                : field.schema().path("enum").path(0).asText());
            case "action" -> json.textNode("start");
            case "device_id", "X-Device-Id" -> json.textNode(ApiRig.DEVICE);
            case "id", "rawId" -> json.textNode("XcnXe2W9me1XZTGii6JI9A");
            case "response" ->
                ApiRig.object()
                        .put("clientDataJSON", "e30")
                        .put("authenticatorData", "AAAA")
                        .put("signature", "AAAA");
            case "timer_seconds" -> json.numberNode(86_400);
            // Empty means none, and a receiver that is asked is always verified.
            case "webhook_url", "webhook_secret", "webhook_events" -> json.textNode("");
            case "webhook_insecure_skip_verify" -> json.booleanNode(false);
            // A presence is not forwarded, and a video is sent as it is.
            case "is_forwarded" -> json.booleanNode(!operation.path().equals("/send/presence"));
            case "compress" -> json.booleanNode(!operation.path().equals("/send/video"));
            default -> byType(field);
        };
    }

    private static JsonNode byType(Field field) {
        var json = Envelope.JSON.getNodeFactory();
        return switch (field.type()) {
            case "boolean" -> json.booleanNode(true);
            case "integer" ->
                json.numberNode(Math.max(1, field.schema().path("minimum").asInt()));
            default -> field.schema().has("enum") ? field.schema().path("enum").path(0) : json.textNode("Some words");
        };
    }

    /** The path with its places filled in, and the query with these fields. */
    String path(Operation operation, Map<String, String> query) {
        return path(operation, Map.of(), query);
    }

    /** As {@link #path(Operation, Map)}, with these values in some of the path's places. */
    private String path(Operation operation, Map<String, String> places, Map<String, String> query) {
        var path = operation.path();
        for (var field : operation.in("path")) {
            path = path.replace(
                    "{" + field.name() + "}",
                    places.containsKey(field.name())
                            ? places.get(field.name())
                            : value(operation, field).asText());
        }
        var pairs = new java.util.ArrayList<String>();
        query.forEach((name, value) ->
                pairs.add(name + "=" + java.net.URLEncoder.encode(value, java.nio.charset.StandardCharsets.UTF_8)));
        return pairs.isEmpty() ? path : path + "?" + String.join("&", pairs);
    }

    Map<String, String> query(Operation operation, boolean all) {
        var query = new LinkedHashMap<String, String>();
        operation.in("query").stream()
                .filter(field -> all || field.required())
                .filter(field -> !field.name().equals("device_id"))
                .forEach(
                        field -> query.put(field.name(), value(operation, field).asText()));
        return query;
    }

    /** A good JSON body; {@code all} adds the optional fields, but for files and their URLs. */
    ObjectNode body(Operation operation, boolean all) {
        var body = ApiRig.object();
        operation.in("body").stream()
                .filter(field -> all || field.required())
                .filter(field ->
                        !field.isFile() && (field.required() || !field.name().endsWith("_url")))
                .forEach(field -> body.set(field.name(), value(operation, field)));
        return body;
    }

    Map<String, ApiRig.FormFile> files(Operation operation) {
        var files = new LinkedHashMap<String, ApiRig.FormFile>();
        operation.in("body").stream()
                .filter(Field::isFile)
                .forEach(field -> files.put(field.name(), Samples.file(field.name())));
        return files;
    }

    /** Sends the operation with these values. */
    ApiRig.Reply call(Operation operation, Map<String, String> query, ObjectNode body) {
        return call(operation, path(operation, query), body, files(operation));
    }

    /** Sends the operation with the values of a trial, and no file beside the trial's. */
    ApiRig.Reply call(Operation operation, Trial trial) {
        return call(operation, path(operation, trial.path(), trial.query()), trial.body(), trial.files());
    }

    private ApiRig.Reply call(Operation operation, String path, ObjectNode body, Map<String, ApiRig.FormFile> files) {
        if (!operation.hasBody()) {
            return switch (operation.method()) {
                case "GET" -> rig.get(path);
                case "DELETE" -> rig.delete(path);
                default -> rig.send(rig.request(path).POST(java.net.http.HttpRequest.BodyPublishers.noBody()));
            };
        }
        if (files.isEmpty()) {
            return rig.sent(
                    operation.method(),
                    path,
                    "application/json",
                    body.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        return rig.multipart(path, texts(body), files);
    }

    static Map<String, String> texts(ObjectNode body) {
        var texts = new LinkedHashMap<String, String>();
        body.properties()
                .forEach(field -> texts.put(
                        field.getKey(),
                        field.getValue().isArray()
                                ? field.getValue().path(0).asText()
                                : field.getValue().asText()));
        return texts;
    }
}
