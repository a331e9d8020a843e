package gateway.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.Program;
import gateway.database.PostgresForTests;
import gateway.http.Envelope;

/**
 * Generated hostility against the whole program: no reply of 500 and more, no effect of a refused call, no growth, and
 * nothing in the log. {@code -Dhostile.calls} asks for more calls, and writes {@code target/hostile.json}.
 */
class HostilityTest {
    private static final int SHORT = 1_000;
    private static final int CALLS = Integer.getInteger("hostile.calls", 2 * SHORT);
    private static final long SEED = Long.getLong("hostile.seed", 20_261_128);

    @TempDir
    Path folder;

    @Test
    void nothingStrangersSendBreaksTheProgramOnSqlite() throws Exception {
        try (var program = Program.rest(folder, Map.of("APP_TRUSTED_PROXY", "127.0.0.1"))) {
            var storages = folder.resolve("storages");
            program.url();
            judge(
                    "sqlite",
                    new HostileServer(
                            program,
                            () -> DriverManager.getConnection("jdbc:sqlite:"
                                    + storages.resolve("whatsapp.db")
                                    + "?open_mode=1&busy_timeout=5000"),
                            storages.resolve("media")));
        }
    }

    @Test
    void nothingStrangersSendBreaksTheProgramOnPostgres() throws Exception {
        var database = PostgresForTests.running().fresh();
        try (var program = Program.rest(
                folder, Map.of("APP_TRUSTED_PROXY", "127.0.0.1", "DB_URI", PostgresForTests.uri(database)))) {
            program.url();
            judge(
                    "postgres",
                    new HostileServer(
                            program,
                            () -> PostgresForTests.running().superuser(database.name()),
                            folder.resolve("storages/media")));
        }
    }

    private static void judge(String name, HostileServer server) throws Exception {
        long began = System.nanoTime();
        var outcome = new HostileRun(server).run(SEED, CALLS / 2);
        if (CALLS > 2 * SHORT) {
            record(name, outcome, (System.nanoTime() - began) / 1_000_000_000);
        }
        assertEquals(
                List.of(),
                outcome.findings(),
                () -> outcome.calls() + " calls, seed " + SEED + "\n" + String.join("\n\n", outcome.findings()) + "\n");
    }

    /** Adds this database's figures to the file's; the slope is the steeper one's. */
    private static void record(String name, HostileRun.Outcome outcome, long seconds)
            throws IOException, InterruptedException {
        var file = Path.of("target/hostile.json");
        var json = Files.exists(file)
                ? (com.fasterxml.jackson.databind.node.ObjectNode) Envelope.JSON.readTree(file.toFile())
                : Envelope.JSON.createObjectNode();
        json.put("calls", json.path("calls").asLong() + outcome.calls())
                .put("fivexx", json.path("fivexx").asLong() + outcome.fivexx())
                .put("outages", json.path("outages").asLong() + outcome.outages())
                .put("effects", json.path("effects").asLong() + outcome.effects())
                .put(
                        "slope_kb_min",
                        Math.max(json.path("slope_kb_min").asLong(Long.MIN_VALUE), Math.round(outcome.slope())))
                .put("commit", commit())
                .put("seconds", json.path("seconds").asLong() + seconds)
                .put("seed", SEED);
        json.withObject("slopes").put(name, Math.round(outcome.slope()));
        Files.writeString(file, json.toPrettyString() + "\n");
    }

    private static String commit() throws IOException, InterruptedException {
        var git = new ProcessBuilder("git", "rev-parse", "--short=12", "HEAD").start();
        var commit = new String(git.getInputStream().readAllBytes()).strip();
        return git.waitFor() == 0 ? commit : "unknown";
    }
}
