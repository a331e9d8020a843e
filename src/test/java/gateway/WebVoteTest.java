package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import gateway.crash.Sink;
import gateway.store.Database;
import gateway.store.Store;
import gateway.twin.web.TwinControl;

/** The real program as a linked device: votes in its own polls and in other people's are told by their answers. */
@Timeout(180)
class WebVoteTest {
    private static final String OWN = TwinPhones.OWN;
    private static final String PEER = TwinPhones.PEER;

    @TempDir
    Path folder;

    @RegisterExtension
    private final TwinPhones phones = new TwinPhones(OWN, PEER);

    private final TwinControl control = phones.control;
    private Sink sink;

    @BeforeEach
    void start() throws Exception {
        sink = new Sink(() -> "0123456789abcdef0123456789abcdef");
    }

    @AfterEach
    void stop() {
        sink.close();
    }

    private Program program() throws Exception {
        var environment = new HashMap<>(WebPairing.settings(phones.twin));
        environment.putAll(sink.settings());
        return Program.rest(folder, environment);
    }

    @Test
    void votesAreToldByTheirAnswersAfterAKillToo() throws Exception {
        String ours;
        try (var program = program()) {
            phones.link(program);
            ours = Program.json(program.post(
                            "/send/poll",
                            "{\"phone\":\"" + PEER + "\",\"question\":\"What to drink?\","
                                    + "\"options\":[\"Tea\",\"Coffee\",\"Milk\"],\"max_answer\":2}"))
                    .at("/results/message_id")
                    .textValue();
            var vote = vote(PEER, ours, "Milk", "Tea");
            content(program, PEER, vote, "Tea, Milk");
            told(vote, "\"poll_vote\":{\"pollId\":\"" + ours + "\",\"selectedOptions\":[\"Tea\",\"Milk\"]}");
            program.kill();
        }
        var later = vote(PEER, ours, "Coffee");
        try (var program = program()) {
            WebPairing.connected(program);
            content(program, PEER, later, "Coffee");
            content(program, PEER, vote(PEER, ours), "The vote was taken back");

            var theirs = control.post(
                            "/phones/" + PEER + "/poll",
                            Map.of("to", OWN, "question", "When?", "options", List.of("Today", "Tomorrow")))
                    .get("id")
                    .asText();
            content(program, PEER, theirs, "When?");
            content(program, PEER, vote(PEER, theirs, "Tomorrow"), "Tomorrow");
        }
        closed(ours);
    }

    @Test
    void aVoteThatDoesNotBelongToThePollIsShownAsWhatItIs() throws Exception {
        try (var program = program()) {
            phones.link(program);
            var theirs = control.post(
                            "/phones/" + PEER + "/poll",
                            Map.of("to", OWN, "question", "When?", "options", List.of("Today", "Tomorrow")))
                    .get("id")
                    .asText();
            content(program, PEER, theirs, "When?");
            var forged = control.post(
                            "/phones/" + PEER + "/vote",
                            Map.of("to", OWN, "poll", theirs, "options", List.of("Today"), "forged", true))
                    .get("id")
                    .asText();
            content(program, PEER, forged, "A message came that cannot be shown here: poll update");
            content(
                    program,
                    PEER,
                    vote(PEER, theirs, "Never"),
                    "A message came that cannot be shown here: poll update");
            content(program, PEER, vote(PEER, theirs, "Today"), "Today");
        }
    }

    private String vote(String voter, String poll, String... options) {
        return control.post("/phones/" + voter + "/vote", Map.of("to", OWN, "poll", poll, "options", List.of(options)))
                .get("id")
                .asText();
    }

    private static void content(Program program, String chat, String id, String text) {
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            var body = program.get("/chat/" + chat + "@s.whatsapp.net/messages").body();
            var shown = Program.json(program.get("/chat/" + chat + "@s.whatsapp.net/messages"))
                    .at("/results/data")
                    .valueStream()
                    .filter(message -> message.get("id").asText().equals(id))
                    .map(message -> message.get("content").asText())
                    .toList();
            assertEquals(List.of(text), shown, body);
        });
    }

    private void told(String id, String part) {
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertTrue(
                        sink.bodies().stream().anyMatch(body -> body.contains(id) && body.contains(part)),
                        () -> sink.bodies().toString()));
    }

    /** The secret and the answers of a poll are not in the clear in the engine's own table. */
    private void closed(String poll) throws Exception {
        try (var store = Store.open(new Database.Sqlite(folder.resolve("storages/whatsapp.db")))) {
            var kept = store.all(row -> row.text(1), "SELECT sealed FROM web_poll WHERE id = '" + poll + "'");
            assertEquals(1, kept.size());
            assertFalse(kept.getFirst().contains("Coffee"));
        }
    }
}
