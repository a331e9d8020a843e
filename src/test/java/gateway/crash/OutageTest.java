package gateway.crash;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.Program;
import gateway.database.PostgresForTests;
import gateway.http.Envelope;
import gateway.store.Database;
import gateway.store.Store;

/**
 * Takes away from the real program, under load, what it cannot work without: room on the disk, file descriptors, the
 * database. While it is gone no request may be answered 2xx unless it is kept; once it is back, messages go out again
 * within seconds, without a restart. {@code make crash-test} allows five; in the short form a busy machine is slow and
 * not wrong.
 */
class OutageTest {
    private static final Duration SERVING_AGAIN = Duration.ofSeconds(Integer.getInteger("crash.back", 20));
    /** Long enough for every time-out and every second try to have come and gone. */
    private static final long OUTAGE_MILLIS = 4_000;

    private static final Map<String, String> SETTINGS = Map.of("WHATSAPP_SEND_WAIT", "2s");

    @TempDir
    Path folder;

    private final CrashDriver driver = new CrashDriver();
    private int probes;

    /** Opens the program's database. */
    private interface Look {
        Store open() throws Exception;
    }

    /** What is taken away and given back. */
    private interface Outage {
        void begin() throws Exception;

        void end() throws Exception;
    }

    @Test
    void aFullDiskIsAnsweredWith503AndForgottenOnceThereIsRoom() throws Exception {
        var mount = List.of("unshare", "--user", "--map-root-user", "--mount");
        Assumptions.assumeTrue(
                run(mount, "mount", "-t", "tmpfs", "tmpfs", folder.toString()),
                "this kernel lets a user make no file system; the limit on a file's size stands in for it");
        var storages = Files.createDirectory(folder.resolve("storages"));
        var under = new java.util.ArrayList<>(mount);
        under.addAll(List.of(
                "sh", "-c", "mount -t tmpfs -o size=128m,mode=700 tmpfs " + storages + " && exec \"$@\"", "sh"));
        try (var program = Program.restUnder(under, folder, SETTINGS)) {
            program.url();
            // Seen from within its namespace: nobody else sees the file system.
            var inside = Path.of("/proc/" + program.pid() + "/root" + storages);
            var ballast = inside.resolve("ballast");
            survives("full_disk", program, () -> copied(inside), new Outage() {
                @Override
                public void begin() throws IOException {
                    try (var out = Files.newOutputStream(ballast)) {
                        for (var block = new byte[4096]; ; ) {
                            out.write(block);
                        }
                    } catch (IOException full) {
                        assertTrue(full.getMessage().contains("No space left"), full.getMessage());
                    }
                }

                @Override
                public void end() throws IOException {
                    Files.delete(ballast);
                }
            });
        }
    }

    @Test
    void aFileThatMayNotGrowIsAnsweredWith503AndForgottenOnceItMay() throws Exception {
        try (var program = Program.rest(folder, SETTINGS)) {
            survives(
                    "file_limit",
                    program,
                    () -> Store.open(new Database.Sqlite(folder.resolve("storages/whatsapp.db"))),
                    new Outage() {
                        @Override
                        public void begin() throws Exception {
                            limit(program, "--fsize=65536:");
                        }

                        @Override
                        public void end() throws Exception {
                            limit(program, "--fsize=unlimited:");
                        }
                    });
        }
    }

    @Test
    void withoutFileDescriptorsItTakesNothingItCannotKeepAndAcceptsAgainOnceThereAreSome() throws Exception {
        try (var program = Program.rest(folder, SETTINGS)) {
            survives(
                    "no_descriptors",
                    program,
                    () -> Store.open(new Database.Sqlite(folder.resolve("storages/whatsapp.db"))),
                    new Outage() {
                        @Override
                        public void begin() throws Exception {
                            limit(program, "--nofile=16:");
                        }

                        @Override
                        public void end() throws Exception {
                            limit(program, "--nofile=1024:");
                        }
                    });
        }
    }

    @Test
    void aDatabaseServerThatIsRestartedIsFoundAgain() throws Exception {
        var server = PostgresForTests.start();
        var database = server.fresh();
        var settings = new HashMap<>(SETTINGS);
        settings.put("DB_URI", PostgresForTests.uri(database));
        try (var program = Program.rest(folder, settings)) {
            survives("database_restart", program, () -> Store.open(database), new Outage() {
                @Override
                public void begin() throws IOException {
                    server.stop();
                }

                @Override
                public void end() throws IOException {
                    server.startAgain();
                }
            });
        } finally {
            server.discard();
        }
    }

    private void survives(String what, Program program, Look look, Outage outage) throws Exception {
        assertEquals(200, program.get("/app/login").statusCode());
        assertEquals(200, program.post("/sandbox/pair", "{}").statusCode());
        var workers = driver.load(program);
        await().until(() -> driver.accepted.size() > 100 && delivers(program));
        outage.begin();
        await().atMost(Duration.ofSeconds(20)).until(() -> !delivers(program));
        Thread.sleep(OUTAGE_MILLIS);
        assertTrue(!delivers(program), "the outage lasts");
        outage.end();
        var began = System.nanoTime();
        await().atMost(SERVING_AGAIN).pollInterval(Duration.ofMillis(50)).until(() -> delivers(program));
        long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
        System.out.println(what + ": serving again after " + millis + " ms; answers: " + driver.statuses);
        Findings.add(Envelope.JSON.createObjectNode().put("back_ms_" + what, millis));
        driver.stop(workers);
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            driver.settle(program);
            return driver.settled();
        });
        var ledger = await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(
                        () -> {
                            try (var store = look.open()) {
                                return store.number("SELECT count(*) FROM outbox WHERE state = 0") == 0
                                        ? CrashLedger.of(store)
                                        : null;
                            }
                        },
                        Objects::nonNull);
        assertEquals(0, ledger.lost(driver.accepted), "acknowledged sends lost");
        assertEquals(0, ledger.twice(), "sends with more than one wire id");
        assertEquals(Set.of(), driver.contradictions, "answers to the same key");
        assertTrue(Set.of(200, 503).containsAll(driver.statuses), "answers: " + driver.statuses);
    }

    /** SQLite looks through the link that leads into the namespace, to the folder outside; so it is given a copy. */
    private Store copied(Path inside) throws IOException {
        var copy = Files.createTempDirectory(folder, "copy");
        for (var name : List.of("whatsapp.db", "whatsapp.db-wal")) {
            Files.copy(inside.resolve(name), copy.resolve(name));
        }
        return Store.open(new Database.Sqlite(copy.resolve("whatsapp.db")));
    }

    /** Whether a client that comes new gets a message to WhatsApp. */
    private boolean delivers(Program program) throws Exception {
        try (var client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build()) {
            var reply = client.send(
                    program.request("/send/message")
                            .timeout(Duration.ofSeconds(3))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    "{\"phone\":\"6281234567899\",\"message\":\"probe " + probes++ + "\"}"))
                            .build(),
                    BodyHandlers.ofString());
            return reply.statusCode() == 200 && reply.body().contains("Message sent to");
        } catch (IOException noAnswer) {
            return false;
        }
    }

    private static void limit(Program program, String limit) throws Exception {
        assertTrue(run(List.of("prlimit", "--pid", String.valueOf(program.pid()), limit)));
    }

    private static boolean run(List<String> under, String... command) throws Exception {
        var all = new java.util.ArrayList<>(under);
        all.addAll(List.of(command));
        return new ProcessBuilder(all)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
