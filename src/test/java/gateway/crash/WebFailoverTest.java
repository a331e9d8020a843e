package gateway.crash;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.Program;
import gateway.WebPairing;
import gateway.database.PostgresForTests;
import gateway.store.Database;
import gateway.store.Store;

/**
 * Two real programs on one PostgreSQL, linked to a twin's phone, while messages go out and come in. The node with the
 * connection is paused until the other node serves the account, and then wakes up with a lease that is no longer its
 * own. Then the three ledgers of {@link WebCrashTest} are compared. {@code -Dcrash.pauses=N} takes more pauses; the
 * figures are written to {@code target/crash-web-nodes.json}.
 */
class WebFailoverTest {
    private static final Path FILE = Path.of("target/crash-web-nodes.json");
    private static final int PAUSES = Integer.getInteger("crash.pauses", 2);
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final Duration TAKEN_OVER = Duration.ofSeconds(40);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    private final long seed = Long.getLong("crash.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Database.Postgres database = PostgresForTests.running().fresh();
    private final CrashDriver driver = new CrashDriver(6, 0, 60, WebPhones.PEERS);
    private final WebPhones phones = new WebPhones();
    private final Sink sink = new Sink(() -> SECRET, id -> id.hashCode() % 10 == 0);
    private final WebLedger ledger = new WebLedger(driver, phones, sink);

    WebFailoverTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        phones.close();
        sink.close();
    }

    @Test
    void anOwnerThatWakesUpLosesNothingShowsNothingTwiceAndUsesNoKeyTwice() throws Exception {
        System.out.println("crash test: " + PAUSES + " pauses, -Dcrash.seed=" + seed);
        var owner = node("one");
        WebPairing.scan(owner, phones.control, WebPhones.OWN);
        WebPairing.connected(owner);
        var other = node("two");
        try (var first = owner;
                var second = other;
                var store = Store.open(database)) {
            phones.begin();
            for (int pause = 0; pause < PAUSES; pause++) {
                var workers = driver.load(other);
                workers.add(driver.repeat(500, phones::trouble));
                Thread.sleep(random.nextInt(2_000));
                long held = epoch(store);
                signal(owner, "STOP");
                try {
                    await().atMost(TAKEN_OVER).until(() -> epoch(store) > held);
                    WebPairing.connected(other);
                    int before = driver.accepted.size();
                    await().atMost(TAKEN_OVER).until(() -> driver.accepted.size() > before + 20);
                    Thread.sleep(random.nextInt(1_000));
                } finally {
                    signal(owner, "CONT");
                }
                var woken = owner;
                await().atMost(TAKEN_OVER).until(() -> woken.output().contains("no longer serves the account"));
                Thread.sleep(random.nextInt(1_000));
                driver.stop(workers);
                owner = other;
                other = woken;
            }
            phones.end();
            ledger.drain(owner, PATIENCE);
            ledger.judge(FILE, "pauses", PAUSES, "on two nodes");
        }
    }

    private static long epoch(Store store) {
        return store.number("SELECT epoch FROM session_lease");
    }

    private Program node(String name) throws Exception {
        var environment = ledger.settings();
        environment.put("WHATSAPP_ENCRYPTION_KEY", Base64.getEncoder().encodeToString(new byte[32]));
        environment.put("DB_URI", PostgresForTests.uri(database));
        var program = Program.rest(Files.createDirectories(folder.resolve(name)), environment);
        program.url();
        return program;
    }

    private static void signal(Program program, String name) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, String.valueOf(program.pid()))
                        .start()
                        .waitFor());
    }
}
