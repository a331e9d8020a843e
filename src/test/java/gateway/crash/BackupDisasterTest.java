package gateway.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import gateway.Program;
import gateway.figures.FiguresFile;
import gateway.http.Envelope;
import gateway.store.Database;
import gateway.store.Store;

/**
 * Loses the machine, again and again, under load: the gateway is killed at a random instant, half of the time together
 * with a backup under way, and its storage directory is never used again. The newest backup, a full one or an increment,
 * is restored into another one. Every message that was acknowledged before that backup began must be there. {@code make
 * backup-drill} runs the long form; the figures are written to {@code target/backup.json}.
 */
class BackupDisasterTest extends BackupRig {
    private static final int DISASTERS = Integer.getInteger("backup.disasters", 2);
    private static final long MAX_WAIT_SECONDS = 180;

    private final long seed = Long.getLong("backup.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private double oldest;

    /** What was acknowledged when a good backup began, and when that was. */
    private record Point(Set<String> acknowledged, Instant begin) {}

    @Override
    Map<String, String> settings(Path storage) {
        var settings = super.settings(storage);
        settings.put("WHATSAPP_SEND_WAIT", "2s");
        return settings;
    }

    @Test
    void noMessageThatIsOlderThanTheNewestBackupIsLost() throws Exception {
        System.out.println("backup drill: " + DISASTERS + " disasters, -Dbackup.seed=" + seed);
        var storage = folder.resolve("machine-0");
        long lost = 0;
        long found = 0;
        for (int disaster = 1; disaster <= DISASTERS; disaster++) {
            var point = disaster(storage, disaster % 2 == 0);
            storage = folder.resolve("machine-" + disaster);
            restore(storage);
            var back = texts(storage);
            lost += point.acknowledged.stream()
                    .filter(text -> !back.contains(text))
                    .count();
            found += point.acknowledged.size();
        }
        assertTrue(found > DISASTERS, "there was a load");
        try (var program = Program.rest(folder, settings(storage))) {
            assertTrue(Program.json(program.get("/app/status"))
                    .path("results")
                    .path("held")
                    .booleanValue());
        }
        var figures = Envelope.JSON
                .createObjectNode()
                .put("disasters", DISASTERS)
                .put("acknowledged", found)
                .put("lost", lost)
                .put("rpo_seconds", round(oldest));
        FiguresFile.add(Path.of("target/backup.json"), figures);
        System.out.println("backup drill: " + figures);
        assertEquals(0, lost, "acknowledged messages older than the newest backup that are lost");
    }

    private static double round(double seconds) {
        return Math.round(seconds * 100) / 100.0;
    }

    /** Serves under load, makes backups, and ends as a machine ends that is lost. */
    private Point disaster(Path storage, boolean whileCopying) throws Exception {
        var driver = new CrashDriver(
                4,
                0,
                20,
                IntStream.range(0, 30).mapToObj("62812345678%02d"::formatted).toList());
        var program = Program.rest(folder, settings(storage));
        pair(program);
        var workers = driver.load(program);
        Thread.sleep(500 + random.nextInt(1_000));
        // The first one on a machine is a full one, and whatever follows there is an increment.
        var point = backup(storage, driver, "A full backup, because");
        Thread.sleep(random.nextInt(1_500));
        if (random.nextBoolean()) {
            point = backup(storage, driver, "-0001-");
        }
        if (whileCopying) {
            var before = new Point(Set.copyOf(driver.accepted.keySet()), Instant.now());
            int good = backups().size();
            var copying = Program.start(folder, settings(storage), "backup", "--incremental");
            Thread.sleep(random.nextInt(2_500));
            program.kill();
            copying.kill();
            // Killed behind its last step, it has made a backup all the same.
            point = backups().size() > good ? before : point;
        } else {
            Thread.sleep(random.nextInt(1_000));
            program.kill();
        }
        oldest = Math.max(oldest, seconds(point.begin));
        driver.stop(workers);
        return point;
    }

    /** A restored account is held: it accepts messages, and that is what is asked for here. */
    private static void pair(Program program) throws Exception {
        var status = Program.json(program.get("/app/status")).path("results");
        if (!status.path("held").booleanValue()) {
            assertEquals(200, program.get("/app/login").statusCode());
            assertEquals(200, program.post("/sandbox/pair", "{}").statusCode());
        }
    }

    private static double seconds(Instant since) {
        return Duration.between(since, Instant.now()).toMillis() / 1000.0;
    }

    private Point backup(Path storage, CrashDriver driver, String told) throws Exception {
        var point = new Point(Set.copyOf(driver.accepted.keySet()), Instant.now());
        try (var command = Program.start(folder, settings(storage), "backup", "--incremental")) {
            long begin = System.nanoTime();
            while (ProcessHandle.of(command.pid()).map(ProcessHandle::isAlive).orElse(false)
                    && System.nanoTime() - begin < MAX_WAIT_SECONDS * 1_000_000_000L) {
                Thread.sleep(20);
            }
            assertEquals(0, command.exit(), command.output());
            assertTrue(command.output().contains(told), command.output());
        }
        return point;
    }

    private List<Path> backups() throws Exception {
        try (var files = Files.list(target)) {
            return new ArrayList<>(files.filter(file ->
                            file.toString().endsWith(".gpg") && !file.toString().contains("/."))
                    .sorted()
                    .toList());
        }
    }

    private void restore(Path into) throws Exception {
        try (var command = Program.start(folder, Map.of(), restoring(into))) {
            assertEquals(0, command.exit(), command.output());
        }
    }

    /** The texts of all messages that a storage directory holds. Those that wait are in the outbox alone. */
    private static Set<String> texts(Path storage) throws Exception {
        try (var store = Store.open(new Database.Sqlite(storage.resolve("whatsapp.db")))) {
            var texts = new HashSet<>(store.all(row -> row.text(1), "SELECT body FROM message"));
            for (var content : store.all(row -> row.text(1), "SELECT content FROM outbox WHERE content <> ''")) {
                texts.add(Envelope.JSON.readTree(content).path("body").asText());
            }
            return texts;
        }
    }
}
