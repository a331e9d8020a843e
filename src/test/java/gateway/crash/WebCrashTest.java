package gateway.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.Program;
import gateway.WebPairing;
import gateway.database.PostgresForTests;

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
    private final WebLedger ledger = new WebLedger(driver, phones, sink);

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
            ledger.drain(program, PATIENCE);
        }
        ledger.judge(FILE, "kills", KILLS, kills.toString());
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
        var environment = ledger.settings();
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
}
