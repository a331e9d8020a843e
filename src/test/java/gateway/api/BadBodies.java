package gateway.api;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.api.Specification.Field;
import gateway.api.Specification.Operation;
import gateway.http.Envelope;

/** Values that a field of a JSON body must not have, and bodies that are none. */
final class BadBodies {
    /** Stands for half of a surrogate pair, which no Java text can carry to the wire. */
    private static final String HALF = "\uE000";

    private final ApiRig rig;
    private final Stage stage;
    private final BadFiles files;

    BadBodies(ApiRig rig, Stage stage) {
        this.rig = rig;
        this.stage = stage;
        this.files = new BadFiles(rig, stage);
    }

    void body(Operation operation, Field field, List<Bad> cases) {
        var json = Envelope.JSON.getNodeFactory();
        if (field.isFile()) {
            files.file(operation, field, cases);
            return;
        }
        if (operation.types().equals(Set.of("multipart/form-data"))) {
            return;
        }
        if (field.required()) {
            cases.add(new Bad("no " + field.name(), field.name(), () -> with(operation, field.name(), null)));
            cases.add(new Bad(
                    "null " + field.name(), field.name(), () -> with(operation, field.name(), json.nullNode())));
            if (field.name().equals("webhook_url")) {
                // An empty one removes the webhook.
                cases.add(new Bad(
                        "blank " + field.name(),
                        field.name(),
                        () -> with(operation, field.name(), json.textNode(" \t"))));
            } else if (!operation.id().equals("reactMessage") || !field.name().equals("emoji")) {
                cases.add(new Bad(
                        "empty " + field.name(), field.name(), () -> with(operation, field.name(), json.textNode(""))));
                cases.add(new Bad(
                        "blank " + field.name(),
                        field.name(),
                        () -> with(operation, field.name(), json.textNode(" \t"))));
            }
        }
        if (Set.of("compress", "view_once", "gif_playback", "ptt", "caption").contains(field.name())
                && operation.id().startsWith("send")
                && operation.types().contains("multipart/form-data")
                && !operation.id().equals("sendLink")) {
            return;
        }
        var bad = new LinkedHashMap<String, JsonNode>();
        if (!field.type().equals("object")) {
            bad.put("object", ApiRig.object().put("a", 1));
        }
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
                bad.put("long texts", Envelope.JSON.createArrayNode().add(Bad.LONG));
                if (field.name().equals("options")) {
                    bad.put("twins", Envelope.JSON.createArrayNode().add("a").add("a"));
                }
            }
            default -> {
                bad.put("long", json.textNode(Bad.LONG));
                bad.put("NUL", json.textNode("a\0b"));
                bad.put("half a character", json.textNode("a" + HALF + "b"));
                if (!Set.of("latitude", "longitude").contains(field.name())) {
                    bad.put("number", json.numberNode(7));
                }
                if (field.schema().has("enum")
                        || Set.of("link", "image_url", "latitude", "longitude", "webhook_url")
                                .contains(field.name())) {
                    bad.put("word", json.textNode("somewhere"));
                }
            }
        }
        bad.forEach((what, value) -> cases.add(
                new Bad(what + " as " + field.name(), field.name(), () -> with(operation, field.name(), value))));
    }

    private ApiRig.Reply with(Operation operation, String field, JsonNode value) {
        ObjectNode body = stage.body(operation, false);
        if (value == null) {
            body.remove(field);
        } else {
            body.set(field, value);
        }
        return rig.sent(
                operation.method(),
                stage.path(operation, Map.of()),
                "application/json",
                body.toString().replace(HALF, "\\ud800").getBytes(StandardCharsets.UTF_8));
    }

    void whole(Operation operation, List<Bad> cases) {
        var path = stage.path(operation, Map.of());
        if (operation.types().contains("application/json")) {
            var good = stage.body(operation, false).toString();
            Map.of(
                            "no JSON",
                            "{\"phone\": ",
                            "trailing text",
                            good + "x",
                            "a list",
                            "[]",
                            "nothing",
                            "",
                            "a text",
                            "\"a\"",
                            "too deep",
                            "{\"phone\":" + "[".repeat(500) + "]".repeat(500) + "}",
                            "a key twice",
                            "{\"phone\":\"12025550101\",\"phone\":\"12025550102\"}")
                    .forEach((what, text) -> cases.add(new Bad(
                            what,
                            "",
                            () -> rig.sent(
                                    operation.method(),
                                    path,
                                    "application/json",
                                    text.getBytes(StandardCharsets.UTF_8)))));
            cases.add(new Bad(
                    "bytes that are no UTF-8",
                    "",
                    () -> rig.sent(
                            operation.method(),
                            path,
                            "application/json",
                            "{\"phone\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1))));
            cases.add(new Bad(
                    "another charset",
                    "",
                    () -> rig.sent(
                            operation.method(),
                            path,
                            "application/json; charset=iso-8859-1",
                            good.getBytes(StandardCharsets.ISO_8859_1))));
            cases.add(new Bad(
                    "two megabytes",
                    "",
                    () -> rig.sent(
                            operation.method(),
                            path,
                            "application/json",
                            ("{\"phone\":\"" + "x".repeat(2_000_000) + "\"}").getBytes(StandardCharsets.UTF_8))));
        }
        cases.add(new Bad(
                "an unknown type",
                "",
                () -> rig.sent(operation.method(), path, "application/xml", "<a/>".getBytes(StandardCharsets.UTF_8))));
        cases.add(new Bad(
                "a form without its boundary",
                "",
                () -> rig.sent(operation.method(), path, "multipart/form-data", new byte[] {1})));
        cases.add(new Bad(
                "a form with another boundary",
                "",
                () -> rig.sent(
                        operation.method(),
                        path,
                        "multipart/form-data; boundary=other",
                        ApiRig.multipart(Map.of("phone", ApiRig.ALICE), Map.of()))));
    }
}
