package gateway.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.Program;
import gateway.WebPairing;
import gateway.database.PostgresForTests;
import gateway.figures.FiguresFile;
import gateway.http.Envelope;

/**
 * Kills the real program as a linked device of a twin's phone, again and again, while messages go out and come in: half
 * of the time at a random instant, half of the time at a named point. Meanwhile phones ask for messages again, messages
 * come damaged or twice, and connections end. Then compares three ledgers: what the client was told, what the phones
 * show, and what the receiver of the webhooks verified, which refuses one in ten.
 * {@code make crash-test ENGINE=web KILLS=100} runs the long form; the figures are written to
 * {@code target/crash-web.json}. {@code -Dcrash.database=postgres} takes PostgreSQL instead of SQLite.
 */
class WebCrashTest {
    private static final Path FILE = Path.of("target/crash-web.json");
    private static final int KILLS = Integer.getInteger("crash.kills", 4);
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final int REFUSED_ONE_IN = 10;
    private static final int PAUSE_MILLIS = 60;
    private static final int BETWEEN_TROUBLES = 500;
    /** In the long form, longer than the second pause of the webhooks' retry calendar. */
    private static final Duration PATIENCE = Duration.ofSeconds(KILLS > 10 ? 400 : 60);

    @TempDir
    Path folder;

    private final long seed = Long.getLong("crash.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final CrashDriver driver = new CrashDriver(6, 0, PAUSE_MILLIS, WebPhones.PEERS);
    private final Map<String, Integer> kills = new TreeMap<>();
    private final Map<String, String> database = "postgres".equals(System.getProperty("crash.database"))
            ? Map.of(
                    "DB_URI", PostgresForTests.uri(PostgresForTests.running().fresh()),
                    "WHATSAPP_ENCRYPTION_KEY", Base64.getEncoder().encodeToString(new byte[32]))
            : Map.of();
    private final WebPhones phones = new WebPhones();
    private final Sink sink = new Sink(() -> SECRET, id -> id.hashCode() % REFUSED_ONE_IN == 0);

    WebCrashTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        phones.close();
        sink.close();
    }

    @Test
    void nothingIsLostNothingIsShownTwiceAndNoKeyIsUsedTwice() throws Exception {
        System.out.println("crash test: " + KILLS + " kills, -Dcrash.seed=" + seed);
        int first = random.nextInt(100);
        for (int kill = 0; kill < KILLS; kill++) {
            var named = End.web(random);
            crash(kill, kill % 2 == 0 ? new End.AtAnyTime() : named.get((first + kill / 2) % named.size()));
        }
        phones.end();
        try (var program = start(new End.AtAnyTime())) {
            long began = System.nanoTime();
            while (!driver.settled() && System.nanoTime() - began < PATIENCE.toNanos()) {
                driver.settle(program);
            }
            drained();
        }
        judge();
    }

    private void crash(int kill, End end) throws Exception {
        var program = start(end);
        if (kill == 0) {
            WebPairing.scan(program, phones.control, WebPhones.OWN);
            WebPairing.connected(program);
            phones.begin();
        }
        var workers = driver.load(program);
        workers.add(driver.repeat(BETWEEN_TROUBLES, phones::trouble));
        if (end instanceof End.AtAnyTime) {
            if (random.nextBoolean()) {
                WebPairing.connected(program);
            }
            Thread.sleep(random.nextInt(2_000));
            program.kill();
        } else {
            assertEquals(137, program.exit(), () -> end + "\n" + program.output());
        }
        kills.merge(end.name(), 1, Integer::sum);
        driver.stop(workers);
    }

    private Program start(End end) throws Exception {
        var environment = new HashMap<>(WebPairing.settings(phones.twin));
        environment.putAll(sink.settings());
        environment.put("WHATSAPP_WEBHOOK_DIALECT", "v8");
        environment.put("WHATSAPP_SEND_WAIT", "300ms");
        environment.putAll(database);
        environment.putAll(end.environment());
        var program = Program.restUnder(end.under(), folder, environment);
        try {
            program.url();
        } catch (ExecutionException e) {
            if (end instanceof End.AtAnyTime) {
                throw e;
            }
        }
        return program;
    }

    /** Waits until everything is where it belongs, or for so long that the rest counts as lost. */
    private void drained() throws InterruptedException {
        long began = System.nanoTime();
        while (System.nanoTime() - began < PATIENCE.toNanos()
                && !(phones.quiet() && phones.untold(sink).isEmpty() && phones.allShown(driver))) {
            Thread.sleep(200);
        }
        System.out.println("crash test: drained after "
                + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
    }

    private void judge() throws Exception {
        var control = phones.control;
        var lost = phones.lost(driver);
        var untold = phones.untold(sink);
        var wrong = phones.wrong(driver);
        var figures = Envelope.JSON
                .createObjectNode()
                .put("engine", "web")
                .put("kills", KILLS)
                .put("lost_sends", lost.size())
                .put("lost_events", untold.size())
                .put("shown_twice", control.count("shown_twice"))
                .put("reused_keys", control.count("reused_keys"))
                .put("waiting_peers", control.count("waiting_peers"));
        Files.deleteIfExists(FILE);
        FiguresFile.add(FILE, figures);
        System.out.println("crash test: " + figures + ", " + driver.accepted.size() + " sends, " + phones.written.size()
                + " events, "
                + sink.refused() + " webhooks refused, " + sink.duplicates() + " repeated, "
                + control.seen("duplicate", "")
                + " messages came twice, " + control.seen("not opened", "") + " were not opened, " + kills);
        assertTrue(driver.accepted.size() > KILLS && phones.written.size() > KILLS, "there was a load");
        lost.stream()
                .limit(5)
                .forEach(text -> System.out.println(
                        "crash test: the twin saw of " + text + "\n" + phones.story(driver.accepted.get(text))));
        assertEquals(Set.of(), lost, "acknowledged sends lost");
        assertEquals(Set.of(), untold, "events lost");
        assertEquals(
                Map.of(),
                wrong,
                "shown once, under the id that the answer gave, at the recipient and at one's own phone");
        assertEquals(0, control.count("shown_twice"), () -> "shown twice");
        assertEquals(0, control.count("reused_keys"), () -> "keys used twice");
        assertEquals(0, control.count("waiting_peers"), () -> "peers wait for a message");
        assertEquals(Set.of(), driver.contradictions, "answers to the same key");
        assertEquals(Set.of(), sink.contradictions(), "an event is told once, and repeated as it was");
    }
}
