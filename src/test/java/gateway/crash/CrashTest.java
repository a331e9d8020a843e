package gateway.crash;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.Program;
import gateway.http.Envelope;
import gateway.store.Database;
import gateway.store.Store;

/**
 * Kills the real program, again and again, under load: half of the time at a random instant, half of the time at a
 * named point. Then compares three ledgers: what the client was told, what the pretended WhatsApp took, what the
 * webhook receivers got, of which one has its secret changed all the time. {@code make crash-test KILLS=100} runs the
 * long form; the figures are written to {@code target/crash.json}.
 */
class CrashTest {
    private static final int KILLS = Integer.getInteger("crash.kills", 10);
    /** Deliveries under way at once, per endpoint: what one kill may repeat. */
    private static final int IN_FLIGHT = 64;

    private static final int ENDPOINTS = 2;
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final long BETWEEN_ROTATIONS = 700;

    @TempDir
    Path folder;

    private final long seed = Long.getLong("crash.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final CrashDriver driver = new CrashDriver();
    private final CrashRotation rotation = new CrashRotation();
    private final Map<String, Integer> kills = new TreeMap<>();

    @Test
    void nothingAcknowledgedIsLostAndNothingIsSentTwice() throws Exception {
        System.out.println("crash test: " + KILLS + " kills, -Dcrash.seed=" + seed);
        try (var sink = new Sink(() -> SECRET);
                var rotating = new Sink(rotation::known)) {
            int first = random.nextInt(100);
            for (int kill = 0; kill < KILLS; kill++) {
                var named = End.named(database(), random);
                crash(
                        List.of(sink, rotating),
                        kill,
                        kill % 2 == 0 ? new End.AtAnyTime() : named.get((first + kill / 2) % named.size()));
            }
            try (var program = start(sink, new End.AtAnyTime())) {
                while (!driver.settled()) {
                    driver.settle(program);
                }
                drained(sink, rotating);
            }
            judge(sink, rotating);
        }
    }

    private void crash(List<Sink> sinks, int kill, End end) throws Exception {
        var program = start(sinks.getFirst(), end);
        if (kill == 0) {
            assertEquals(200, program.get("/app/login").statusCode());
            assertEquals(200, program.post("/sandbox/pair", "{}").statusCode());
            rotation.begin(program, sinks.getLast());
        }
        var workers = driver.load(program);
        workers.add(driver.repeat(BETWEEN_ROTATIONS, () -> rotation.turn(program)));
        if (end instanceof End.AtAnyTime) {
            Thread.sleep(200 + random.nextInt(1_000));
            program.kill();
        } else {
            assertEquals(137, program.exit(), end::toString);
        }
        kills.merge(end.name(), 1, Integer::sum);
        driver.stop(workers);
    }

    private Program start(Sink sink, End end) throws Exception {
        var environment = new HashMap<>(Map.of(
                "WHATSAPP_WEBHOOK",
                sink.url(),
                "WHATSAPP_WEBHOOK_SECRET",
                SECRET,
                "WHATSAPP_WEBHOOK_ALLOW_HTTP",
                "true",
                "WHATSAPP_WEBHOOK_ALLOW_CIDRS",
                "127.0.0.0/8",
                "WHATSAPP_SEND_WAIT",
                "2s"));
        environment.putAll(end.environment());
        var program = Program.restUnder(end.under(), folder, environment);
        try {
            program.url();
        } catch (java.util.concurrent.ExecutionException e) {
            if (end instanceof End.AtAnyTime) {
                throw e;
            }
        }
        return program;
    }

    private void drained(Sink... sinks) throws Exception {
        try (var store = Store.open(new Database.Sqlite(database()))) {
            // Longer than the second pause of the retry calendar: a delivery may have met two changes of its secret.
            await().atMost(Duration.ofMinutes(8))
                    .until(() -> store.number("SELECT count(*) FROM outbox WHERE state = 0") == 0
                            && store.number("SELECT count(*) FROM sandbox_pending") == 0
                            && store.number("SELECT count(*) FROM delivery WHERE state = 0") == 0);
        }
        for (var sink : sinks) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> driver.events.stream().allMatch(sink::has));
        }
    }

    private void judge(Sink... sinks) throws Exception {
        CrashLedger ledger;
        try (var store = Store.open(new Database.Sqlite(database()))) {
            ledger = CrashLedger.of(store);
            assertEquals(
                    "ok",
                    store.one(row -> row.text(1), "PRAGMA integrity_check").orElseThrow());
            assertEquals(0, store.number("""
                    SELECT count(*) FROM sandbox_ledger l WHERE NOT EXISTS (
                        SELECT 1 FROM message m WHERE m.device = l.device AND m.chat = l.chat AND m.id = l.wire_id)"""), "messages that went out and are not in their chat");
        }
        long lostEvents = 0;
        long duplicates = 0;
        for (var sink : sinks) {
            lostEvents +=
                    driver.events.stream().filter(event -> !sink.has(event)).count();
            duplicates += sink.duplicates();
            assertEquals(Set.of(), sink.contradictions(), "repeated deliveries are the same");
        }
        var figures = Envelope.JSON
                .createObjectNode()
                .put("kills", KILLS)
                .put("accepted_sends", driver.accepted.size())
                .put("lost_sends", ledger.lost(driver.accepted))
                .put("duplicate_wire_ids", ledger.twice())
                .put("events", driver.events.size())
                .put("lost_events", lostEvents)
                .put("duplicate_events", duplicates)
                .put("secret_rotations", rotation.done());
        kills.forEach((name, times) -> figures.put("kills_" + name.replace('-', '_'), times));
        Findings.add(figures);
        System.out.println("crash test: " + figures);
        assertTrue(
                driver.accepted.size() > KILLS && driver.events.size() > KILLS && rotation.done() > 0,
                "there was a load: " + figures);
        assertEquals(0, ledger.lost(driver.accepted), "acknowledged sends lost");
        assertEquals(0, ledger.twice(), "sends with more than one wire id");
        assertEquals(0, lostEvents, "events lost");
        assertEquals(Set.of(), driver.contradictions, "answers to the same key");
        assertTrue(duplicates <= (long) KILLS * IN_FLIGHT * ENDPOINTS, "repeated deliveries: " + duplicates);
    }

    private Path database() {
        return folder.resolve("storages/whatsapp.db");
    }
}
