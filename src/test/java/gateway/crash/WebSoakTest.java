package gateway.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.Program;
import gateway.WebPairing;
import gateway.figures.FiguresFile;
import gateway.http.Envelope;

/**
 * Lets everything go wrong between the real program and its WhatsApp, a twin, for minutes: a generator with a seed
 * draws the troubles, while messages go out and come in. After each trouble the line must be back within its bound: a
 * phone shows what the program sends, and a webhook tells what a phone writes. At the end nothing is lost and nothing
 * shown twice, and the program holds no more threads and files than at the beginning. {@code make soak ENGINE=web
 * MINUTES=30} runs the long form, which has slow troubles, too; the figures are written to {@code
 * target/soak-web.json}.
 */
class WebSoakTest {
    private static final Path FILE = Path.of("target/soak-web.json");
    private static final int MINUTES = minutes();
    private static final boolean LONG = MINUTES > 0;
    private static final Duration SHORT_FORM = Duration.ofSeconds(30);
    private static final int SENDERS = 2;
    private static final int PAUSE_MILLIS = 150;
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    /** Twice what the line needs: at most 8 s of pause after a connection that was up, and the login. */
    private static final Duration BOUND = Duration.ofSeconds(30);
    /** A patience of 75 s, and the longest pause before a login, 60 s. */
    private static final Duration SLOW_BOUND = Duration.ofSeconds(150);
    /** In which it is found that nobody answers: 65 s when nothing comes at all, else 98 s and a pause of 30 s. */
    private static final Duration SILENCE = Duration.ofSeconds(150);
    /** Longer than the webhooks' and the messages' pauses after a few failures. */
    private static final Duration PATIENCE = Duration.ofSeconds(LONG ? 400 : 60);
    /** Threads and files that a busy program holds for a moment only. */
    private static final int SLACK = 12;

    @TempDir
    Path folder;

    private final long seed = Long.getLong("soak.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final CrashDriver driver = new CrashDriver(SENDERS, 0, PAUSE_MILLIS, WebPhones.PEERS);
    private final WebPhones phones = new WebPhones(PAUSE_MILLIS);
    private final Sink sink = new Sink(() -> SECRET);
    private final List<String> late = new ArrayList<>();
    private int troubles;
    private int probes;
    private Duration longest = Duration.ZERO;

    WebSoakTest() throws IOException {}

    private static int minutes() {
        var text = System.getProperty("soak.minutes", "0");
        if (!text.matches("[0-9]{1,4}")) {
            throw new IllegalArgumentException("soak.minutes: a whole number of minutes, not '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    @AfterEach
    void close() throws IOException {
        phones.close();
        sink.close();
    }

    @Test
    void theLineComesBackAfterEveryTroubleAndNothingIsLostOrShownTwice() throws Exception {
        System.out.println("soak: " + (LONG ? MINUTES + " minutes" : SHORT_FORM) + ", -Dsoak.seed=" + seed);
        try (var program = Program.rest(folder, new WebLedger(driver, phones, sink).settings())) {
            WebPairing.scan(program, phones.control, WebPhones.OWN);
            WebPairing.connected(program);
            back(program, "the pairing", BOUND);
            longest = Duration.ZERO;
            var memory = new ProcessMemory(program.pid());
            var workers = driver.load(program);
            phones.begin();
            try {
                endure(program, memory);
            } finally {
                phones.end();
                driver.stop(workers);
            }
            // What was lost on one connection comes by the next one.
            phones.control.post("/disconnect", Map.of());
            settle(program);
            judge(memory);
        }
    }

    private void endure(Program program, ProcessMemory memory) throws Exception {
        long end = System.nanoTime() + (LONG ? Duration.ofMinutes(MINUTES) : SHORT_FORM).toNanos();
        while (true) {
            for (var together : Trouble.turn(random, LONG)) {
                if (System.nanoTime() > end) {
                    return;
                }
                suffer(program, together);
                memory.look();
            }
        }
    }

    private void suffer(Program program, List<Trouble> together) throws Exception {
        together.forEach(trouble -> trouble.begin(phones.control));
        troubles += together.size();
        if (together.stream().anyMatch(Trouble::isSilence)) {
            down(program);
        } else {
            Thread.sleep(random.nextInt(300, 3_000));
        }
        together.forEach(trouble -> trouble.end(phones.control));
        if (together.stream().anyMatch(Trouble::needsPerson)) {
            program.get("/app/reconnect");
        }
        back(program, together.toString(), together.stream().anyMatch(Trouble::slow) ? SLOW_BOUND : BOUND);
    }

    /** Waits until the program has noticed that nobody answers. */
    private static void down(Program program) throws Exception {
        long began = System.nanoTime();
        while (connected(program)) {
            assertTrue(System.nanoTime() - began < SILENCE.toNanos(), "the silence is noticed");
            Thread.sleep(100);
        }
    }

    private static boolean connected(Program program) throws Exception {
        return Program.json(program.get("/app/status"))
                .at("/results/is_connected")
                .booleanValue();
    }

    /** Waits until the line is up, and a message of each direction has arrived. */
    private void back(Program program, String after, Duration bound) throws Exception {
        long began = System.nanoTime();
        var in = "event-" + (1_000_000 + ++probes);
        var out = "probe " + probes;
        phones.write(WebPhones.PROBER, in);
        boolean asked = false;
        boolean arrived;
        do {
            asked = asked || sent(program, out);
            arrived = asked && connected(program) && sink.has(in) && phones.control.shown(WebPhones.PROBER, out) > 0;
            Thread.sleep(arrived ? 0 : 100);
        } while (!arrived && System.nanoTime() - began < 2 * bound.toNanos());
        var took = Duration.ofNanos(System.nanoTime() - began);
        longest = took.compareTo(longest) > 0 ? took : longest;
        System.out.printf("soak: back after %,d ms from %s%n", took.toMillis(), after);
        if (took.compareTo(bound) > 0) {
            late.add(took.toSeconds() + " s after " + after);
        }
        assertTrue(arrived, () -> "the line did not come back after " + after + "\n" + program.output());
    }

    private static boolean sent(Program program, String text) throws Exception {
        return program.send(program.request("/send/message")
                                .header("Content-Type", "application/json")
                                .header("Idempotency-Key", text.replace(' ', '-'))
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"phone\":\"%s\",\"message\":\"%s\"}".formatted(WebPhones.PROBER, text))))
                        .statusCode()
                == 200;
    }

    /** Waits until everything is where it belongs, or for so long that the rest counts as lost. */
    private void settle(Program program) throws InterruptedException {
        long began = System.nanoTime();
        while (System.nanoTime() - began < PATIENCE.toNanos()
                && !(driver.settled() && phones.quiet() && phones.untold(sink).isEmpty() && phones.allShown(driver))) {
            driver.settle(program);
            Thread.sleep(500);
        }
    }

    private void judge(ProcessMemory memory) throws Exception {
        // The connections of the load are idle now, and are let go.
        Thread.sleep(LONG ? 60_000 : 2_000);
        var first = memory.looks.getFirst();
        var last = memory.look();
        var lost = phones.lost(driver);
        var untold = phones.untold(sink);
        var wrong = phones.wrong(driver);
        var figures = Envelope.JSON
                .createObjectNode()
                .put("engine", "web")
                .put("seed", seed)
                .put("faults", troubles)
                .put("sends", driver.accepted.size())
                .put("events", phones.written.size())
                .put("lost", lost.size() + untold.size())
                .put("shown_twice", phones.control.count("shown_twice"))
                .put("reused_keys", phones.control.count("reused_keys"))
                .put("waiting_peers", phones.control.count("waiting_peers"))
                .put("back_max_s", longest.toMillis() / 100 / 10.0)
                .put("late", late.size())
                .put("rss_first_mb", first.kilobytes() / 1_000)
                .put("rss_last_mb", last.kilobytes() / 1_000)
                .put("rss_slope_kb_min", Math.round(memory.slope()))
                .put("threads_first", first.threads())
                .put("threads_last", last.threads())
                .put("files_first", first.files())
                .put("files_last", last.files());
        Files.deleteIfExists(FILE);
        FiguresFile.add(FILE, figures);
        System.out.println("soak: " + figures);
        lost.stream()
                .limit(5)
                .forEach(text -> System.out.println(
                        "soak: the twin saw of " + text + "\n" + phones.story(driver.accepted.get(text))));
        untold.stream().limit(5).forEach(id -> System.out.println("soak: the twin saw of " + phones.story(id)));
        assertTrue(driver.accepted.size() > troubles && phones.written.size() > troubles, "there was a load");
        assertEquals(Set.of(), lost, "acknowledged sends lost");
        assertEquals(Set.of(), untold, "events lost");
        assertEquals(Map.of(), wrong, "shown once, at the recipient and at one's own phone");
        assertEquals(0, phones.control.count("shown_twice"), "shown twice");
        assertEquals(0, phones.control.count("reused_keys"), "keys used twice");
        assertEquals(0, phones.control.count("waiting_peers"), "peers wait for a message");
        assertEquals(Set.of(), driver.contradictions, "answers to the same key");
        assertEquals(Set.of(), sink.contradictions(), "an event is told once, and repeated as it was");
        assertEquals(List.of(), late, "the line is back within its bound");
        assertTrue(last.threads() <= first.threads() + SLACK, () -> "threads: " + first + ", then " + last);
        assertTrue(last.files() <= first.files() + SLACK, () -> "open files: " + first + ", then " + last);
    }
}
