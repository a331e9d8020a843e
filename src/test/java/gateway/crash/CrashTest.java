package gateway.crash;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import gateway.Program;
import gateway.engine.ContentJson;
import gateway.http.Envelope;
import gateway.store.Database;
import gateway.store.Store;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the real program, again and again, under load: half of the time at a random instant, half of the time at a named
 * point. Then compares three ledgers: what the client was told, what the pretended WhatsApp took, what the webhook receiver
 * got. {@code make crash-test KILLS=100} runs the long form; the figures are written to {@code target/crash.json}.
 */
class CrashTest {
    private static final int KILLS = Integer.getInteger("crash.kills", 8);
    private static final String[] POINTS = {"before-commit", "after-commit", "before-send", "after-send", "after-delivery"};
    /** Deliveries under way at once: what one kill may repeat. */
    private static final int IN_FLIGHT = 64;

    @TempDir
    Path folder;
    private final long seed = Long.getLong("crash.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Driver driver = new Driver();

    @Test
    void nothingAcknowledgedIsLostAndNothingIsSentTwice() throws Exception {
        System.out.println("crash test: " + KILLS + " kills, -Dcrash.seed=" + seed);
        try (var sink = new Sink()) {
            for (int kill = 0; kill < KILLS; kill++) {
                crash(sink, kill);
            }
            try (var program = start(sink, "")) {
                while (!driver.settled()) {
                    driver.settle(program);
                }
                drained(sink);
            }
            judge(sink);
        }
    }

    private void crash(Sink sink, int kill) throws Exception {
        var point = kill % 2 == 0 ? "" : POINTS[kill / 2 % POINTS.length] + ":" + (1 + random.nextInt(150));
        var program = start(sink, point);
        if (kill == 0) {
            assertEquals(200, program.get("/app/login").statusCode());
            assertEquals(200, program.send(program.request("/sandbox/pair").header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))).statusCode());
        }
        var workers = driver.load(program);
        if (point.isEmpty()) {
            Thread.sleep(200 + random.nextInt(1_000));
            program.kill();
        } else {
            assertEquals(137, program.exit(), point);
        }
        driver.stop();
        for (var worker : workers) {
            worker.join();
        }
    }

    private Program start(Sink sink, String failPoint) throws Exception {
        var environment = new HashMap<>(Map.of("WHATSAPP_WEBHOOK", sink.url(), "WHATSAPP_WEBHOOK_SECRET", "0123456789abcdef0123456789abcdef",
                "WHATSAPP_WEBHOOK_ALLOW_HTTP", "true", "WHATSAPP_WEBHOOK_ALLOW_CIDRS", "127.0.0.0/8", "WHATSAPP_SEND_WAIT", "2s"));
        if (!failPoint.isEmpty()) {
            environment.put("JAVA_TOOL_OPTIONS", "-Dgateway.failpoint=" + failPoint);
        }
        var program = Program.rest(folder, environment);
        try {
            program.url();
        } catch (java.util.concurrent.ExecutionException e) {
            if (failPoint.isEmpty()) {
                throw e;
            }
        }
        return program;
    }

    private void drained(Sink sink) throws Exception {
        try (var store = Store.open(new Database.Sqlite(database()))) {
            await().atMost(Duration.ofMinutes(2)).until(() -> store.number("SELECT count(*) FROM outbox WHERE state = 0") == 0
                    && store.number("SELECT count(*) FROM sandbox_pending") == 0
                    && store.number("SELECT count(*) FROM delivery WHERE state = 0") == 0);
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> driver.events.stream().allMatch(sink::has));
    }

    private void judge(Sink sink) throws Exception {
        var wireIds = new HashMap<String, Set<String>>();
        try (var store = Store.open(new Database.Sqlite(database()))) {
            store.all(row -> wireIds.computeIfAbsent(ContentJson.read(row.column(2).get(String.class)).body(), text -> new HashSet<>())
                    .add(row.column(1).get(String.class)), "SELECT wire_id, content FROM sandbox_ledger");
            assertEquals("ok", store.one(row -> row.column(1).get(String.class), "PRAGMA integrity_check").orElseThrow());
        }
        long lost = driver.accepted.entrySet().stream().filter(sent -> !wireIds.getOrDefault(sent.getKey(), Set.of()).contains(sent.getValue())).count();
        long twice = wireIds.values().stream().filter(ids -> ids.size() > 1).count();
        long lostEvents = driver.events.stream().filter(event -> !sink.has(event)).count();
        var figures = Envelope.JSON.createObjectNode().put("kills", KILLS)
                .put("accepted_sends", driver.accepted.size()).put("lost_sends", lost).put("duplicate_wire_ids", twice)
                .put("events", driver.events.size()).put("lost_events", lostEvents).put("duplicate_events", sink.duplicates());
        Files.writeString(Path.of("target/crash.json"), figures.toPrettyString() + "\n");
        System.out.println("crash test: " + figures);
        assertTrue(driver.accepted.size() > KILLS && driver.events.size() > KILLS, "there was a load: " + figures);
        assertEquals(0, lost, "acknowledged sends lost");
        assertEquals(0, twice, "sends with more than one wire id");
        assertEquals(0, lostEvents, "events lost");
        assertEquals(Set.of(), driver.contradictions, "answers to the same key");
        assertEquals(Set.of(), sink.contradictions(), "repeated deliveries are the same");
        assertTrue(sink.duplicates() <= (long) KILLS * IN_FLIGHT, "repeated deliveries: " + sink.duplicates());
    }

    private Path database() throws Exception {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.getFileName().toString().equals("whatsapp.db")).findFirst().orElseThrow();
        }
    }
}
