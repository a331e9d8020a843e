package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import gateway.engine.web.Vectors;
import gateway.engine.web.proto.HistoryProto.HistorySync;
import gateway.twin.web.TwinControl;

/**
 * The real program as a linked device whose phone shares its app state and its history, which another client made:
 * names, marks and addresses are taken, and what is not authentic is refused alone.
 */
@Timeout(180)
class WebStateTest {
    private static final String OWN = TwinPhones.OWN;
    /** The numbers of the vectors' contacts. */
    private static final String PINNED = "442075550102";

    private static final String PINNED_LID = "100000000000102@lid";
    private static final String ARCHIVED = "14155550101";
    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    Path folder;

    @RegisterExtension
    private final TwinPhones phones = new TwinPhones(OWN, PINNED, ARCHIVED);

    private final TwinControl control = phones.control;

    private Program program() throws Exception {
        var program = Program.rest(folder, WebPairing.settings(phones.twin));
        phones.link(program);
        return program;
    }

    private static JsonNode vector(String file, String name) {
        return Vectors.cases(file).stream()
                .filter(one -> one.get("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void keys(JsonNode vector) {
        vector.get("keys")
                .forEach(key -> control.post(
                        "/phones/" + OWN + "/key",
                        Map.of(
                                "id", key.get("keyId").asText(),
                                "data", key.get("keyData").asText())));
    }

    private void collection(JsonNode vector) {
        var body = new HashMap<String, Object>();
        body.put("name", vector.get("collection").asText());
        body.put("version", vector.path("version").asLong(1));
        body.put("snapshot", vector.path("snapshot").asText(""));
        body.put(
                "patches",
                vector.path("patches").valueStream().map(JsonNode::asText).toList());
        control.post("/phones/" + OWN + "/collection", body);
    }

    private static List<String> names(Program program) throws Exception {
        return Program.json(program.get("/user/my/contacts"))
                .at("/results/data")
                .valueStream()
                .map(one -> one.get("name").asText())
                .toList();
    }

    private static JsonNode chat(Program program, String number) throws Exception {
        return Program.json(program.get("/chats"))
                .at("/results/data")
                .valueStream()
                .filter(one -> one.get("jid").asText().equals(number + "@s.whatsapp.net"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no chat with " + number));
    }

    @Test
    void contactsAndTheOwnNameAreTakenAndAPatchThatIsNotAuthenticIsRefusedAlone() throws Exception {
        try (var program = program()) {
            var forged = vector("app-state-patches.json", "wrong patch MAC");
            var contacts = vector("app-state-patches.json", "40 contacts in one patch");
            var own = vector("app-state-patches.json", "push name");
            assertEquals(
                    503,
                    program.post("/send/presence", "{\"type\":\"available\"}").statusCode());
            keys(forged);
            collection(forged);
            await().atMost(SOON).until(() -> program.output().contains("is refused: the patch's MAC does not match"));
            keys(contacts);
            collection(contacts);
            await().atMost(SOON)
                    .untilAsserted(() -> assertEquals(40, names(program).size()));
            keys(own);
            collection(own);
            await().atMost(SOON)
                    .untilAsserted(() -> assertEquals(
                            200,
                            program.post("/send/presence", "{\"type\":\"available\"}")
                                    .statusCode()));
            assertTrue(TwinControl.awaited(
                    () -> control.seen("received", "presence {type=available, name=Gateway One}") == 1));
            assertEquals(40, names(program).size());
        }
    }

    @Test
    void aSnapshotThatCameBeforeItsKeyIsTakenWithTheKey() throws Exception {
        try (var program = program()) {
            control.send(PINNED, OWN, "hello");
            control.send(ARCHIVED, OWN, "hello");
            await().atMost(SOON).untilAsserted(() -> {
                chat(program, PINNED);
                chat(program, ARCHIVED);
            });
            keys(vector("app-state-patches.json", "push name"));
            var marks = vector("app-state-snapshots.json", "three records");
            collection(marks);
            assertTrue(TwinControl.awaited(() -> control.entries()
                    .anyMatch(entry -> entry.get("detail").asText().contains("category=peer")
                            && entry.get("what").asText().equals("received"))));
            keys(marks);
            await().atMost(SOON).untilAsserted(() -> {
                assertTrue(chat(program, PINNED).get("pinned").booleanValue(), () -> program.output());
                assertTrue(chat(program, ARCHIVED).get("archived").booleanValue());
            });
        }
    }

    @Test
    void theHistorysNamesAndAddressesAreTakenAndABombIsRefused() throws Exception {
        try (var program = program()) {
            history(bomb(), false);
            await().atMost(SOON).until(() -> program.output().contains("a part of the history is refused"));
            var good = vector("history-sync.json", "bootstrap: two people and a group")
                    .get("zlib")
                    .asText();
            control.fault("media", "altered");
            history(good, false);
            await().atMost(SOON)
                    .untilAsserted(() ->
                            assertTrue(program.output().contains("the upload's MAC does not match"), program.output()));
            control.fault("media", "");
            history(good, false);
            await().atMost(SOON).untilAsserted(() -> assertTrue(names(program).contains("Ada")));
            history(vector("history-sync.json", "push names").get("zlib").asText(), true);
            // The number of this LID stands in the first part alone.
            history(named(PINNED_LID, "Bea"), true);
            assertTrue(TwinControl.awaited(() -> control.entries()
                            .filter(entry -> entry.get("detail").asText().contains("type=hist_sync"))
                            .count()
                    == 5));
            var jids = Program.json(program.get("/user/my/contacts"))
                    .at("/results/data")
                    .valueStream()
                    .map(one -> one.get("jid").asText())
                    .toList();
            assertTrue(jids.contains(ARCHIVED + "@s.whatsapp.net"), jids::toString);
            assertTrue(jids.contains(PINNED + "@s.whatsapp.net"), jids::toString);
            assertTrue(jids.stream().noneMatch(jid -> jid.endsWith("@lid")), jids::toString);
        }
    }

    private void history(String deflated, boolean inline) {
        control.post("/phones/" + OWN + "/history", Map.of("deflated", deflated, "inline", inline));
    }

    /** A part of the history with one person's name. */
    private static String named(String person, String name) throws Exception {
        var part = HistorySync.newBuilder()
                .setSyncType(4)
                .addPushnames(HistorySync.Pushname.newBuilder().setId(person).setPushname(name));
        var deflated = new ByteArrayOutputStream();
        try (var out = new DeflaterOutputStream(deflated)) {
            part.build().writeTo(out);
        }
        return HexFormat.of().formatHex(deflated.toByteArray());
    }

    /** Unknown fields that inflate to 80 MiB. */
    private static String bomb() throws Exception {
        var bomb = new ByteArrayOutputStream();
        try (var out = new DeflaterOutputStream(bomb)) {
            byte[] field = new byte[1 << 20];
            field[0] = 0x4A;
            field[1] = (byte) 0xFC;
            field[2] = (byte) 0xFF;
            field[3] = 0x3F;
            for (int i = 0; i < 80; i++) {
                out.write(field);
            }
        }
        return HexFormat.of().formatHex(bomb.toByteArray());
    }
}
