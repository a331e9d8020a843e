package gateway.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

import gateway.Program;
import gateway.figures.FiguresFile;
import gateway.http.Envelope;
import gateway.store.Database;
import gateway.store.Store;

/**
 * Times and sizes of backups of a gateway with many messages and much media, which serves meanwhile. The long form has
 * 100,000 messages and 1 GB: {@code make backup-drill} runs it. The figures are written to {@code target/backup.json}.
 */
class BackupScaleTest extends BackupRig {
    private static final int MESSAGES = Integer.getInteger("backup.messages", 2_000);
    private static final int MEDIA_MEGABYTES = Integer.getInteger("backup.media", 10);
    /** The goals hold for the long form, on a machine that does nothing else. */
    private static final boolean LONG = MESSAGES >= 100_000;

    private static final int FILE_BYTES = 250_000;
    private static final int MORE_MESSAGES = 1_000;
    private static final double MEGABYTE = 1e6;

    private final Random random = new Random(23);

    /** What one run of the program took: its time, and the most memory that it had in KiB. */
    private record Cost(double seconds, long peak) {}

    private Cost run(Map<String, String> settings, String... arguments) throws Exception {
        long begin = System.nanoTime();
        long peak = 0;
        try (var command = Program.start(folder, settings, arguments)) {
            while (ProcessHandle.of(command.pid()).map(ProcessHandle::isAlive).orElse(false)) {
                peak = Math.max(peak, peak(command.pid()));
                Thread.sleep(5);
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            assertEquals(0, command.exit(), command.output());
            return new Cost(seconds, peak);
        }
    }

    /** The most memory that a process had so far, in KiB. */
    private static long peak(long pid) {
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .map(line -> line.replaceAll("[^0-9]", ""))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElse(0);
        } catch (java.io.IOException | java.io.UncheckedIOException ended) {
            return 0;
        }
    }

    @Test
    void theCostsOfABackupAnIncrementAndARestore() throws Exception {
        var small = folder.resolve("small");
        try (var program = Program.rest(folder, settings(small))) {
            program.url();
        }
        long empty = run(settings(small), "backup").peak;
        var storage = folder.resolve("storages");
        try (var program = Program.rest(folder, settings(storage))) {
            program.url();
        }
        fill(storage);
        Cost full;
        Cost increment;
        Cost restore;
        double ratio;
        double megabytes;
        try (var program = Program.rest(folder, settings(storage))) {
            assertEquals(200, program.get("/app/login").statusCode());
            assertEquals(200, program.post("/sandbox/pair", "{}").statusCode());
            posts(program, 500);
            double alone = percentile(posts(program, LONG ? 2_000 : 100));
            var cost = new Cost[1];
            var failure = new ArrayList<Throwable>();
            var copying = Thread.ofPlatform().start(() -> {
                try {
                    cost[0] = run(settings(storage), "backup");
                } catch (Exception | AssertionError e) {
                    failure.add(e);
                }
            });
            var beside = new ArrayList<Long>();
            while (copying.isAlive()) {
                beside.addAll(posts(program, 20));
            }
            assertEquals(List.of(), failure);
            full = cost[0];
            ratio = percentile(beside) / alone;
            posts(program, MORE_MESSAGES);
            increment = run(settings(storage), "backup", "--incremental");
            try (var files = Files.list(target)) {
                var file = files.filter(path -> path.toString().matches(".*-0001-[0-9TZ]+\\.tar\\.zst\\.gpg"))
                        .findFirst()
                        .orElseThrow();
                megabytes = Files.size(file) / MEGABYTE;
            }
        }
        restore = run(Map.of(), restoring(folder.resolve("new")));
        long more = full.peak - empty >> 10;
        var figures = Envelope.JSON
                .createObjectNode()
                .put("messages", MESSAGES)
                .put("media_mb", MEDIA_MEGABYTES)
                .put("backup_seconds", round(full.seconds))
                .put("restore_seconds", round(restore.seconds))
                .put("rss_mb", more)
                .put("p99_ratio", round(ratio))
                .put("increment_mb", round(megabytes))
                .put("increment_seconds", round(increment.seconds));
        FiguresFile.add(Path.of("target/backup.json"), figures);
        System.out.println("backup scale: " + figures);
        assertTrue(megabytes <= 5, "an increment after 1,000 messages has " + megabytes + " MB");
        if (LONG) {
            assertTrue(full.seconds <= 60 && restore.seconds <= 60, figures.toString());
            assertTrue(increment.seconds <= 2, figures.toString());
            assertTrue(more <= 32 && ratio <= 1.5, figures.toString());
        }
    }

    private static double round(double value) {
        return Math.round(value * 100) / 100.0;
    }

    private void fill(Path storage) throws Exception {
        try (var store = Store.open(new Database.Sqlite(storage.resolve("whatsapp.db")))) {
            store.write(tx -> {
                tx.insert("INSERT INTO device (id, created_at) VALUES ('filled', 1)");
                tx.insert("INSERT INTO chat (device, jid, last_message_at, created_at, updated_at)"
                        + " VALUES ('filled', 'a@x', 1, 1, 1)");
                for (int i = 0; i < MESSAGES; i++) {
                    tx.insert(
                            "INSERT INTO message (device, chat, id, sender, from_me, kind, body, content, sent_at, created_at, updated_at)"
                                    + " VALUES ('filled', 'a@x', ?, 'b@x', 0, 'text', ?, ?, ?, 1, 1)",
                            "id" + i,
                            words(i),
                            "{\"body\": \"" + words(i) + "\"}",
                            i);
                }
                return true;
            });
        }
        var media = Files.createDirectories(storage.resolve("media/filled"));
        var bytes = new byte[FILE_BYTES];
        for (int i = 0; i < MEDIA_MEGABYTES * MEGABYTE / FILE_BYTES; i++) {
            random.nextBytes(bytes);
            Files.write(media.resolve(String.format("%032x.jpg", i)), bytes);
        }
    }

    private String words(int number) {
        return "message " + number + " of a conversation, with some words in it and a number " + random.nextInt();
    }

    /** Sends messages, one after the other. @return how long each took, in nanoseconds */
    private static List<Long> posts(Program program, int count) throws Exception {
        var times = new ArrayList<Long>();
        for (int i = 0; i < count; i++) {
            long begin = System.nanoTime();
            var answer = program.post(
                    "/send/message", "{\"phone\":\"6281234567801\",\"message\":\"one of many " + begin + "\"}");
            times.add(System.nanoTime() - begin);
            assertEquals(200, answer.statusCode(), answer.body());
        }
        return times;
    }

    private static double percentile(List<Long> times) {
        Collections.sort(times);
        return Duration.ofNanos(times.get(times.size() * 99 / 100)).toNanos();
    }
}
