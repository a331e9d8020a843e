package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import gateway.api.Specification.Field;
import gateway.api.Specification.Operation;
import gateway.http.Envelope;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every field of every operation, with every kind of value it must not have: one refusal of the client that names the field,
 * and nothing has changed.
 */
class BadInputTest {
    private static final String LONG = "x".repeat(10_000);
    /** Stands for half of a surrogate pair, which no Java text can carry to the wire. */
    private static final String HALF = "\uE000";
    /** Fields whose bad values mean something only together with others. */
    private static final Set<String> NOT_ALONE = Set.of("device_id", "X-Device-Id");

    @TempDir
    static Path directory;
    private static ApiRig rig;
    private static Stage stage;
    /** How everything stood after the last case: nothing happens between two. */
    private static String known;

    @BeforeAll
    static void open() {
        rig = new ApiRig(directory);
        stage = new Stage(rig).set();
        known = rig.fingerprint();
    }

    @AfterAll
    static void close() {
        rig.close();
    }

    /** A request that must be refused, and the field the refusal must name; empty when it is the body as a whole. */
    private record Bad(String what, String field, java.util.function.Supplier<ApiRig.Reply> request) {
    }

    @TestFactory
    Stream<DynamicContainer> everyBadValueIsRefusedByNameAndChangesNothing() {
        return Specification.ours().messagingOperations().stream()
                .filter(operation -> !operation.path().startsWith("/sandbox"))
                .map(operation -> DynamicContainer.dynamicContainer(operation.toString(), cases(operation).stream()
                        .map(bad -> DynamicTest.dynamicTest(bad.what(), () -> refused(bad)))));
    }

    private static void refused(Bad bad) {
        var before = known;
        var reply = bad.request().get();
        assertTrue(reply.status() >= 400 && reply.status() < 500, "answered " + reply.status() + ": " + reply.message());
        assertTrue(bad.field().isEmpty() || reply.message().startsWith(bad.field() + ":"), "does not name " + bad.field() + ": " + reply.message());
        known = rig.fingerprint();
        assertEquals(before, known, "the refused request changed something");
    }

    private static List<Bad> cases(Operation operation) {
        var cases = new ArrayList<Bad>();
        for (var field : operation.fields()) {
            if (NOT_ALONE.contains(field.name())) {
                continue;
            }
            switch (field.in()) {
                case "query" -> query(operation, field, cases);
                case "path" -> path(operation, field, cases);
                case "body" -> body(operation, field, cases);
                default -> { }
            }
        }
        if (operation.hasBody()) {
            whole(operation, cases);
        }
        return cases;
    }

    private static void query(Operation operation, Field field, List<Bad> cases) {
        if (field.required()) {
            cases.add(new Bad("no " + field.name(), field.name(), () -> asked(operation, field, null)));
            cases.add(new Bad("empty " + field.name(), field.name(), () -> asked(operation, field, "")));
            cases.add(new Bad("blank " + field.name(), field.name(), () -> asked(operation, field, "  ")));
        }
        if (operation.id().equals("getReadiness")) {
            return;
        }
        var bad = new LinkedHashMap<String, String>();
        bad.put("long", LONG.substring(0, 3_000));
        bad.put("NUL", "a\0b");
        switch (field.type()) {
            case "integer" -> bad.putAll(Map.of("word", "many", "below", "-1", "above", "99999999999", "fraction", "1.5"));
            case "boolean" -> bad.put("word", "perhaps");
            default -> {
                if (field.schema().path("format").asText().equals("date-time")) {
                    bad.put("word", "yesterday");
                }
            }
        }
        bad.forEach((what, value) -> cases.add(new Bad(what + " " + field.name(), field.name(), () -> asked(operation, field, value))));
        cases.add(new Bad("two " + field.name(), field.name(), () -> {
            var query = stage.query(operation, false);
            query.remove(field.name());
            var path = stage.path(operation, query);
            return sent(operation, path + (path.contains("?") ? "&" : "?") + field.name() + "=1&" + field.name() + "=1");
        }));
        cases.add(new Bad("bytes that are no UTF-8 in " + field.name(), field.name(), () -> {
            var query = stage.query(operation, false);
            query.remove(field.name());
            var path = stage.path(operation, query);
            return sent(operation, path + (path.contains("?") ? "&" : "?") + field.name() + "=%ff%fe");
        }));
    }

    private static ApiRig.Reply asked(Operation operation, Field field, String value) {
        var query = stage.query(operation, false);
        query.remove(field.name());
        if (value != null) {
            query.put(field.name(), value);
        }
        return sent(operation, stage.path(operation, query));
    }

    private static ApiRig.Reply sent(Operation operation, String path) {
        return switch (operation.method()) {
            case "GET" -> rig.get(path);
            case "DELETE" -> rig.delete(path);
            default -> operation.hasBody() ? rig.post(path, stage.body(operation, true))
                    : rig.send(rig.request(path).POST(java.net.http.HttpRequest.BodyPublishers.noBody()));
        };
    }

    private static void path(Operation operation, Field field, List<Bad> cases) {
        var named = Set.of("chat_jid", "message_id").contains(field.name()) ? field.name() : "";
        for (var value : List.of("%00", "..%2f..%2fetc", "a%20b", "%ff", "a".repeat(300))) {
            cases.add(new Bad(value.substring(0, Math.min(12, value.length())) + " as " + field.name(), named, () -> {
                var query = stage.query(operation, true);
                var path = stage.path(operation, query).replace("/" + stage.value(operation, field).asText(), "/" + value);
                var reply = sent(operation, path);
                // A path that is refused before it is looked at names no field.
                return reply.message().contains("well-formed") || reply.message().startsWith("The address has ") || reply.status() == 404 && (named.isEmpty() || value.startsWith(".."))
                        ? new ApiRig.Reply(reply.status(), reply.type(), reply.body(), ApiRig.object().put("message", named + ":"), reply.headers())
                        : reply;
            }));
        }
    }

    private static void body(Operation operation, Field field, List<Bad> cases) {
        var json = Envelope.JSON.getNodeFactory();
        if (field.isFile()) {
            file(operation, field, cases);
            return;
        }
        if (operation.types().equals(Set.of("multipart/form-data"))) {
            return;
        }
        if (field.required()) {
            cases.add(new Bad("no " + field.name(), field.name(), () -> with(operation, field.name(), null)));
            cases.add(new Bad("null " + field.name(), field.name(), () -> with(operation, field.name(), json.nullNode())));
            if (!operation.id().equals("reactMessage") || !field.name().equals("emoji")) {
                cases.add(new Bad("empty " + field.name(), field.name(), () -> with(operation, field.name(), json.textNode(""))));
                cases.add(new Bad("blank " + field.name(), field.name(), () -> with(operation, field.name(), json.textNode(" \t"))));
            }
        }
        if (Set.of("compress", "view_once", "gif_playback", "ptt", "caption").contains(field.name()) && operation.id().startsWith("send")
                && operation.types().contains("multipart/form-data") && !operation.id().equals("sendLink")) {
            return;
        }
        var bad = new LinkedHashMap<String, JsonNode>();
        bad.put("object", ApiRig.object().put("a", 1));
        if (!field.type().equals("array")) {
            bad.put("list", Envelope.JSON.createArrayNode().add("a").add("b"));
        }
        switch (field.type()) {
            case "integer" -> {
                bad.put("text", json.textNode("1"));
                bad.put("fraction", json.numberNode(1.5));
                bad.put("below", json.numberNode(-2));
                bad.put("beyond", json.numberNode(new java.math.BigInteger("99999999999999999999")));
            }
            case "boolean" -> {
                bad.put("text", json.textNode("true"));
                bad.put("number", json.numberNode(1));
            }
            case "array" -> {
                bad.put("text", json.textNode("a"));
                bad.put("numbers", Envelope.JSON.createArrayNode().add(1));
                bad.put("nulls", Envelope.JSON.createArrayNode().addNull());
                bad.put("blanks", Envelope.JSON.createArrayNode().add(" "));
                bad.put("long texts", Envelope.JSON.createArrayNode().add(LONG));
                if (field.name().equals("options")) {
                    bad.put("twins", Envelope.JSON.createArrayNode().add("a").add("a"));
                }
            }
            default -> {
                bad.put("long", json.textNode(LONG));
                bad.put("NUL", json.textNode("a\0b"));
                bad.put("half a character", json.textNode("a" + HALF + "b"));
                if (!Set.of("latitude", "longitude").contains(field.name())) {
                    bad.put("number", json.numberNode(7));
                }
                if (field.schema().has("enum") || Set.of("link", "image_url", "latitude", "longitude").contains(field.name())) {
                    bad.put("word", json.textNode("somewhere"));
                }
            }
        }
        bad.forEach((what, value) -> cases.add(new Bad(what + " as " + field.name(), field.name(), () -> with(operation, field.name(), value))));
    }

    private static ApiRig.Reply with(Operation operation, String field, JsonNode value) {
        ObjectNode body = stage.body(operation, false);
        if (value == null) {
            body.remove(field);
        } else {
            body.set(field, value);
        }
        return rig.post(stage.path(operation, Map.of()), "application/json",
                body.toString().replace(HALF, "\\ud800").getBytes(StandardCharsets.UTF_8));
    }

    private static void file(Operation operation, Field field, List<Bad> cases) {
        var texts = Stage.texts(stage.body(operation, false));
        if (!field.name().equals("file")) {
            cases.add(wrong(operation, field, "wrong magic bytes", new ApiRig.FormFile("picture.png", "#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII))));
        }
        cases.add(wrong(operation, field, "empty file", new ApiRig.FormFile("empty.png", new byte[0])));
        List.of("../../etc/passwd", "..", "a/b.png", "a\\\\b.png", "n".repeat(300)).forEach(name -> cases.add(wrong(operation, field,
                "name " + name.substring(0, Math.min(10, name.length())), new ApiRig.FormFile(name, Samples.file(field.name()).bytes()))));
        if (Set.of("image", "avatar", "photo", "sticker").contains(field.name())) {
            cases.add(wrong(operation, field, "fifty megapixels", new ApiRig.FormFile("huge.png", Samples.huge())));
            cases.add(wrong(operation, field, "half a picture", new ApiRig.FormFile("half.png", java.util.Arrays.copyOf(Samples.png(64, 64), 20))));
        }
        cases.add(new Bad("text as " + field.name(), field.name(), () -> {
            var all = new LinkedHashMap<>(texts);
            all.put(field.name(), "no file");
            return rig.multipart(stage.path(operation, Map.of()), all, Map.of());
        }));
        if (!field.name().equals("photo")) {
            cases.add(new Bad("no " + field.name(), field.name(), () -> rig.multipart(stage.path(operation, Map.of()),
                    texts.isEmpty() ? Map.of("other", "1") : texts, Map.of())));
        }
        cases.add(new Bad("cut off in " + field.name(), field.name(), () -> {
            var form = ApiRig.multipart(texts, Map.of(field.name(), Samples.file(field.name())));
            return rig.post(stage.path(operation, Map.of()), ApiRig.multipartType(), java.util.Arrays.copyOf(form, form.length - 45));
        }));
        cases.add(new Bad("two of " + field.name(), field.name(), () -> {
            var first = ApiRig.multipart(texts, Map.of(field.name(), Samples.file(field.name())));
            var second = ApiRig.multipart(Map.of(), Map.of(field.name(), Samples.file(field.name())));
            var both = new java.io.ByteArrayOutputStream();
            both.write(first, 0, new String(first, StandardCharsets.ISO_8859_1).lastIndexOf("------form"));
            both.writeBytes(second);
            return rig.post(stage.path(operation, Map.of()), ApiRig.multipartType(), both.toByteArray());
        }));
    }

    private static Bad wrong(Operation operation, Field field, String what, ApiRig.FormFile file) {
        return new Bad(what, field.name(), () -> rig.multipart(stage.path(operation, Map.of()),
                Stage.texts(stage.body(operation, false)), Map.of(field.name(), file)));
    }

    private static void whole(Operation operation, List<Bad> cases) {
        var path = stage.path(operation, Map.of());
        if (operation.types().contains("application/json")) {
            var good = stage.body(operation, false).toString();
            Map.of("no JSON", "{\"phone\": ", "trailing text", good + "x", "a list", "[]", "nothing", "", "a text", "\"a\"",
                    "too deep", "{\"phone\":" + "[".repeat(500) + "]".repeat(500) + "}", "a key twice", "{\"phone\":\"12025550101\",\"phone\":\"12025550102\"}")
                    .forEach((what, text) -> cases.add(new Bad(what, "", () ->
                            rig.post(path, "application/json", text.getBytes(StandardCharsets.UTF_8)))));
            cases.add(new Bad("bytes that are no UTF-8", "", () -> rig.post(path, "application/json",
                    "{\"phone\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1))));
            cases.add(new Bad("another charset", "", () -> rig.post(path, "application/json; charset=iso-8859-1",
                    good.getBytes(StandardCharsets.ISO_8859_1))));
            cases.add(new Bad("two megabytes", "", () -> rig.post(path, "application/json",
                    ("{\"phone\":\"" + "x".repeat(2_000_000) + "\"}").getBytes(StandardCharsets.UTF_8))));
        }
        cases.add(new Bad("an unknown type", "", () -> rig.post(path, "application/xml", "<a/>".getBytes(StandardCharsets.UTF_8))));
        cases.add(new Bad("a form without its boundary", "", () -> rig.post(path, "multipart/form-data", new byte[] {1})));
        cases.add(new Bad("a form with another boundary", "", () -> rig.post(path, "multipart/form-data; boundary=other",
                ApiRig.multipart(Map.of("phone", ApiRig.ALICE), Map.of()))));
    }
}
