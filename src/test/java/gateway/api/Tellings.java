package gateway.api;

import static gateway.api.Stage.array;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.api.Specification.Field;
import gateway.api.Specification.Operation;
import gateway.http.Envelope;

/**
 * The requests that show the effect of a field: what happens before them, what they say beside the field, and values of
 * which at least one has an effect.
 */
final class Tellings {
    static final String SECRET = "4f1c7a0d9b2e48f6a3c5d7e9f1b3a5c7";
    private static final String HOOK = "{'webhook_url':'https://receiver.example/','webhook_secret':'SECRET'}";

    /** What a request to the sandbox has to say so that the field means something. */
    private static final Map<String, String> BESIDE = Map.ofEntries(
            Map.entry("/sandbox/inbound message_id", "{'type':'revoke'}"),
            Map.entry("/sandbox/inbound emoji", "{'type':'reaction','message_id':'MESSAGE'}"),
            Map.entry("/sandbox/inbound what", "{'type':'unsupported'}"),
            Map.entry(
                    "/sandbox/inbound contact_name",
                    "{'type':'contact','contact_name':'Ann','contact_phone':'12025550104'}"),
            Map.entry(
                    "/sandbox/inbound contact_phone",
                    "{'type':'contact','contact_name':'Ann','contact_phone':'12025550104'}"),
            Map.entry("/sandbox/inbound latitude", "{'type':'location','latitude':'1','longitude':'1'}"),
            Map.entry("/sandbox/inbound longitude", "{'type':'location','latitude':'1','longitude':'1'}"),
            Map.entry("/sandbox/inbound place", "{'type':'location','latitude':'1','longitude':'1'}"),
            Map.entry("/sandbox/inbound address", "{'type':'location','latitude':'1','longitude':'1'}"),
            Map.entry("/sandbox/inbound question", "{'type':'poll','question':'Tea?','options':['Yes','No']}"),
            Map.entry("/sandbox/inbound options", "{'type':'poll','question':'Tea?','options':['Yes','No']}"),
            Map.entry("/sandbox/inbound quoted", "{'reply_message_id':'MESSAGE'}"),
            Map.entry("/sandbox/inbound file", "{'type':'image'}"),
            Map.entry("/sandbox/inbound caption", "{'type':'image'}"),
            Map.entry("/sandbox/inbound view_once", "{'type':'image'}"),
            Map.entry("/sandbox/inbound pending", "{'type':'image'}"),
            Map.entry("/sandbox/label chat", "{'name':'New'}"),
            Map.entry("/sandbox/label labeled", "{'chat':'12025550101'}"),
            Map.entry("/sandbox/label label_id", "{'name':'New'}"),
            Map.entry("/sandbox/label name", "{'name':'New'}"),
            Map.entry("/sandbox/label color", "{'name':'New'}"),
            Map.entry("/sandbox/label deleted", "{'name':'New'}"),
            Map.entry("/sandbox/newsletter newsletter_id", "{'type':'message','message':'News'}"),
            Map.entry("/sandbox/newsletter type", "{'name':'New','message':'News'}"),
            Map.entry("/sandbox/newsletter name", "{'type':'join','name':'New'}"),
            Map.entry("/sandbox/newsletter description", "{'type':'join','name':'New'}"),
            Map.entry("/sandbox/newsletter message", "{'type':'message','message':'News'}"),
            Map.entry("/sandbox/group/members type", "{'type':'promote'}"),
            Map.entry("/sandbox/group/members participants", "{'type':'leave'}"),
            Map.entry("/sandbox/group/members group_id", "{'type':'leave'}"),
            Map.entry("/sandbox/group/request group_id", "{'phone':'12025550108'}"),
            Map.entry("/devices webhook_events", HOOK),
            Map.entry("/devices webhook_insecure_skip_verify", HOOK),
            Map.entry("/devices/{device_id}/webhook device_id", HOOK),
            Map.entry("/devices/{device_id}/webhook webhook_events", HOOK),
            Map.entry("/devices/{device_id}/webhook webhook_insecure_skip_verify", HOOK),
            Map.entry("/devices/{device_id}/engine engine", "{'engine':'sandbox','force':true}"),
            Map.entry("/devices/{device_id}/engine device_id", "{'engine':'told','force':true}"));

    private final Scene scene;

    Tellings(Scene scene) {
        this.scene = scene;
    }

    /** What happens before the request. */
    Optional<Consumer<ApiRig>> before(Operation operation) {
        return switch (operation.id()) {
            case "appLogin",
                    "appLoginWithCode",
                    "loginDevice",
                    "loginDeviceWithCode",
                    "loginDeviceWithLink",
                    "sandboxPair" ->
                Optional.of(rig -> unpaired(rig, operation.id().equals("sandboxPair")));
            case "sandboxState" ->
                said(
                        "/sandbox/receipts",
                        ApiRig.object().put("delivered_after_ms", 7).put("read_after_ms", 8));
            case "appReconnect", "reconnectDevice" -> said("/sandbox/drop", ApiRig.object());
            default -> {
                ObjectNode members =
                        ApiRig.object().put("group_id", scene.stage().group());
                members.putArray("participants").add(ApiRig.ALICE);
                yield operation.path().equals("/group/participants/demote")
                        ? said("/group/participants/promote", members)
                        : Optional.empty();
            }
        };
    }

    /**
     * Ends the pairing of the usual account, and pairs the second account.
     *
     * @param asked whether the usual account waits for its next pairing
     */
    private static void unpaired(ApiRig rig, boolean asked) {
        of(ApiRig.DEVICE, rig, "/app/logout");
        if (asked) {
            of(ApiRig.DEVICE, rig, "/app/login");
        }
        of(Scene.SECOND, rig, "/app/login");
        rig.with(Map.of("X-Device-Id", Scene.SECOND), () -> rig.post("/sandbox/pair", ApiRig.object()));
    }

    private static Optional<Consumer<ApiRig>> said(String path, ObjectNode body) {
        return Optional.of(rig -> rig.with(Map.of("X-Device-Id", ApiRig.DEVICE), () -> rig.post(path, body)));
    }

    private static void of(String device, ApiRig rig, String path) {
        rig.with(Map.of("X-Device-Id", device), () -> rig.get(path));
    }

    /** A request that succeeds, in which the field would matter. */
    Trial base(Operation operation, Field field) {
        var trial = scene.needed(operation);
        var path = operation.path();
        if (path.equals("/sandbox/inbound") && !field.name().equals("message_id")) {
            trial = trial.body(ApiRig.object().put("message", "Words"));
        }
        if (path.equals("/sandbox/label") && !BESIDE.containsKey(path + " " + field.name())) {
            trial = trial.body(ApiRig.object().put("name", "New"));
        }
        if (path.equals("/sandbox/newsletter") && !BESIDE.containsKey(path + " " + field.name())) {
            trial = trial.body(ApiRig.object().put("type", "message").put("message", "News"));
        }
        if (path.equals("/devices")) {
            trial = trial.body(ApiRig.object().put("device_id", "third"));
        }
        trial = trial.body(beside(path + " " + field.name()));
        if (path.equals("/sandbox/inbound")
                && trial.body().path("type").asText().equals("image")) {
            trial = trial.file("file", Samples.file("image"));
        }
        if (path.equals("/sandbox/inbound") && field.name().equals("message_id")) {
            trial = trial.body(ApiRig.object().put("message_id", scene.stage().message()));
        }
        if (path.equals("/send/image") && field.name().equals("compress")) {
            trial = trial.file("image", new ApiRig.FormFile("wall.png", Samples.noise(2_000, 200)));
        }
        if (field.name().equals("mentions") && trial.body().has("phone")) {
            trial = trial.body(ApiRig.object().put("phone", scene.stage().group()));
        }
        return trial;
    }

    private ObjectNode beside(String key) {
        try {
            return (ObjectNode) Envelope.JSON.readTree(BESIDE.getOrDefault(key, "{}")
                    .replace('\'', '"')
                    .replace("MESSAGE", scene.stage().message())
                    .replace("SECRET", SECRET));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /**
     * Requests that differ from the base in the field alone. The URL of a webhook comes with its secret, and the URL of
     * a file takes the file's place.
     */
    List<Trial> tellings(Operation operation, Field field, Trial base) {
        if (field.isFile()) {
            var other = field.name().equals("sticker")
                    ? new byte[][] {longer(Samples.webp())}
                    : field.name().equals("audio")
                            ? new byte[][] {longer(Samples.ogg())}
                            : field.name().equals("video")
                                    ? new byte[][] {longer(Samples.mp4())}
                                    : new byte[][] {Samples.noise(30, 40)};
            return List.of(base.file(field.name(), new ApiRig.FormFile("other", other[0])));
        }
        if (field.name().endsWith("_url") && !field.name().startsWith("webhook")) {
            var kind = field.name().substring(0, field.name().length() - 4);
            return List.of(base.noFile().with(field, text("https://files.example/" + kind)));
        }
        var trials = new ArrayList<Trial>();
        for (var value : values(operation, field)) {
            var trial = base.with(field, value);
            if (field.name().equals("webhook_url")) {
                trial = trial.body(ApiRig.object().put("webhook_secret", SECRET));
            }
            trials.add(trial);
        }
        return trials;
    }

    private static byte[] longer(byte[] bytes) {
        return java.util.Arrays.copyOf(bytes, bytes.length + 7);
    }

    private List<JsonNode> values(Operation operation, Field field) {
        var path = operation.path();
        return switch (field.name()) {
            case "phone" ->
                switch (path) {
                    case "/user/check" -> texts("12025550000");
                    case "/user/business-profile" -> texts(Scene.OTHER_SHOP);
                    case "/sandbox/group/request" -> texts("12025550108");
                    default -> texts(ApiRig.BOB);
                };
            case "contact_phone", "from", "owner" -> texts(ApiRig.BOB);
            case "caller_jid", "chat_jid" -> texts(ApiRig.BOB + "@s.whatsapp.net");
            case "chat" -> texts(scene.stage().group(), ApiRig.BOB);
            case "device_id" -> texts(Scene.SECOND, "fourth");
            case "message_id" -> texts(scene.otherMessage, "3EB0FFFFFFFFFFFFFFFFFF");
            case "reply_message_id" -> texts(scene.stage().message());
            case "group_id" -> texts(scene.otherGroup);
            case "newsletter_id" -> texts(Scene.OTHER_CHANNEL);
            case "participants" ->
                List.of(
                        path.contains("participant-requests")
                                ? array(Scene.ASKER)
                                : path.equals("/group/participants") || path.equals("/group")
                                        ? array("12025550106")
                                        : array(ApiRig.BOB));
            case "mentions" -> List.of(array(ApiRig.BOB));
            case "options" -> List.of(array("Tea", "Water"));
            case "link" -> path.startsWith("/group") ? texts(scene.otherInvite) : texts("https://example.org/other");
            case "latitude", "longitude" -> texts("7.5");
            case "emoji" -> texts("👍");
            case "search" -> texts("Third");
            case "start_time" -> texts("2100-01-01T00:00:00Z");
            case "end_time" -> texts("2020-01-01T00:00:00Z");
            case "webhook_url" -> texts("https://receiver.example/");
            case "webhook_events" -> texts("message.ack");
            case "engine" -> texts("told");
            case "proxy" -> texts("http://proxy.example:3128");
            case "what" -> texts("sticker_pack");
            default -> byType(field);
        };
    }

    private static List<JsonNode> byType(Field field) {
        var json = Envelope.JSON.getNodeFactory();
        var values = new ArrayList<JsonNode>();
        field.schema().path("enum").forEach(values::add);
        if (values.isEmpty()) {
            switch (field.type()) {
                case "boolean" -> values.addAll(List.of(json.booleanNode(true), json.booleanNode(false)));
                case "integer" -> values.addAll(List.of(json.numberNode(2), json.numberNode(1)));
                default -> values.add(json.textNode("Other words"));
            }
        }
        return values;
    }

    static JsonNode text(String text) {
        return Envelope.JSON.getNodeFactory().textNode(text);
    }

    private static List<JsonNode> texts(String... texts) {
        return java.util.Arrays.stream(texts).map(Tellings::text).toList();
    }
}
