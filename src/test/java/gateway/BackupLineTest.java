package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import gateway.backup.Gnupg;

/** The real program: a gateway that serves is backed up, lost, and serves again on another machine's directory. */
@Timeout(240)
class BackupLineTest {
    private static final String PEER = "6282222222222";

    @TempDir
    Path folder;

    private Gnupg gpg;
    private Path target;
    private Map<String, String> settings;

    @BeforeEach
    void key() throws Exception {
        gpg = new Gnupg(folder);
        gpg.key("ops");
        gpg.passphrase();
        target = Files.createDirectory(folder.resolve("target"));
        Files.createDirectory(folder.resolve("textfile"));
        settings = Map.of(
                "WHATSAPP_BACKUP_DIRECTORY",
                "target",
                "WHATSAPP_BACKUP_RECIPIENTS",
                "ops.asc",
                "WHATSAPP_BACKUP_METRICS",
                "textfile");
    }

    @AfterEach
    void end() throws Exception {
        gpg.close();
    }

    private String command(int code, Map<String, String> more, String... arguments) throws Exception {
        var environment = new HashMap<>(settings);
        environment.put("APP_BASIC_AUTH", "admin:" + Program.PASSWORD);
        environment.put("APP_PORT", "0");
        environment.putAll(more);
        try (var command = Program.start(folder, environment, arguments)) {
            assertEquals(code, command.exit(), command.output());
            return command.output();
        }
    }

    private TreeSet<String> names() throws Exception {
        try (var files = Files.list(target)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void aLostGatewayServesAgainAndSendsOnlyWhenItsOperatorSaysSo() throws Exception {
        String output;
        try (var program = Program.rest(folder, settings)) {
            program.get("/app/login");
            assertEquals(200, program.post("/sandbox/pair", "{}").statusCode());
            assertEquals(
                    200,
                    program.post("/send/message", "{\"phone\":\"" + PEER + "\",\"message\":\"before the loss\"}")
                            .statusCode());
            output = command(0, Map.of(), "backup");
            assertTrue(output.contains(".tar.zst.gpg  0."), output);
        }
        var file = target.resolve(names().first());
        assertTrue(command(0, Map.of(), "backup", "list")
                .contains(file.getFileName().toString()));
        assertTrue(command(0, Map.of(), "backup", "drill", "--key", "ops-secret.asc", "--passphrase-file", "passphrase")
                .contains("Everything came back"));
        try (var metrics = Files.list(folder.resolve("textfile"))) {
            var text = metrics.sorted().map(BackupLineTest::read).collect(Collectors.joining());
            assertTrue(
                    text.contains("whatsapp_backup_last_success_timestamp_seconds{gateway=\"")
                            && text.contains("whatsapp_restore_drill_last_success_timestamp_seconds{gateway=\""),
                    text);
        }
        var into = folder.resolve("new");
        output = command(
                0,
                Map.of(),
                "restore",
                file.toString(),
                "--key",
                "ops-secret.asc",
                "--passphrase-file",
                "passphrase",
                "--into",
                into.toString());
        assertTrue(output.contains("Every account is held."), output);
        assertTrue(command(
                        2,
                        Map.of(),
                        "restore",
                        file.toString(),
                        "--key",
                        "ops-secret.asc",
                        "--passphrase-file",
                        "passphrase",
                        "--into",
                        into.toString())
                .contains("is not empty"));
        var there = new HashMap<>(settings);
        there.put("APP_STORAGE_DIR", into.toString());
        try (var program = Program.rest(folder, there)) {
            var status = Program.json(program.get("/app/status")).path("results");
            assertTrue(status.path("held").booleanValue(), status.toString());
            assertTrue(
                    status.path("held_reason").textValue().startsWith("restored from the backup of 2"),
                    status.toString());
            assertTrue(program.get("/chat/" + PEER + "@s.whatsapp.net/messages")
                    .body()
                    .contains("before the loss"));
            output = command(0, Map.of("APP_STORAGE_DIR", into.toString()), "restore", "confirm");
            assertTrue(output.contains("is released"), output);
            assertFalse(Files.exists(into.resolve("restored.env")));
            // A running server reads the list of held accounts twice a second.
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> !Program.json(program.get("/app/status"))
                            .path("results")
                            .path("held")
                            .booleanValue());
        }
        assertTrue(command(0, Map.of("APP_STORAGE_DIR", into.toString()), "audit", "verify")
                .contains("Sound"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void killedOrWithoutRoomAtAnyStepItLeavesTheLastGoodCopyAndTheNextOneCleansUp() throws Exception {
        try (var program = Program.rest(folder, settings)) {
            program.url();
        }
        command(0, Map.of(), "backup");
        var good = names();
        assertEquals(2, good.size());
        for (var step : List.of("backup-gathered", "backup-entry", "backup-written")) {
            command(137, Map.of("JAVA_TOOL_OPTIONS", "-Dgateway.failpoint=" + step + ":1"), "backup");
            assertTrue(names().containsAll(good), step);
            assertTrue(names().stream().filter(name -> !name.startsWith(".")).allMatch(good::contains), step + names());
        }
        withoutRoom("backup");
        assertEquals(good, names(), "and the unfinished ones of the killed runs are gone");
        command(0, Map.of(), "backup");
        assertEquals(4, names().size());
        for (var name : names()) {
            assertTrue(name.endsWith(".sha256")
                    || command(
                                    0,
                                    Map.of(),
                                    "backup",
                                    "verify",
                                    target.resolve(name).toString())
                            .contains("Sound"));
        }
        try (var left = Files.list(folder.resolve("storages/backup"))) {
            assertEquals(2, left.count(), "the gateway's name and the index");
        }
    }

    /** A new file of 4 MiB, and a backup on a disk with less room: a limit on the size of files refuses a write in the same way. */
    private void withoutRoom(String... arguments) throws Exception {
        Files.write(
                Files.createDirectories(folder.resolve("storages/media/default"))
                        .resolve("f".repeat(32) + ".mp4"),
                random(4 << 20));
        try (var command = Program.start(
                List.of("/bin/sh", "-c", "ulimit -f 4000; exec \"$@\"", "sh"), folder, withCredential(), arguments)) {
            assertEquals(75, command.exit(), command.output());
            assertTrue(command.output().contains("no room is left on its disk"), command.output());
        }
    }

    @Test
    void anIncrementKilledOrWithoutRoomAtAnyStepLeavesTheChainWhole() throws Exception {
        try (var program = Program.rest(folder, settings)) {
            program.url();
        }
        assertTrue(
                command(0, Map.of(), "backup", "--incremental").contains("A full backup, because there is no index"));
        command(0, Map.of(), "backup", "--incremental");
        var good = names();
        assertEquals(4, good.size());
        for (var step : List.of("backup-gathered", "backup-entry", "backup-written")) {
            Files.write(folder.resolve("storages/webhook.key"), random(5_000));
            command(137, Map.of("JAVA_TOOL_OPTIONS", "-Dgateway.failpoint=" + step + ":1"), "backup", "--incremental");
            assertTrue(names().stream().filter(name -> !name.startsWith(".")).allMatch(good::contains), step + names());
        }
        withoutRoom("backup", "--incremental");
        assertEquals(good, names());
        assertTrue(command(0, Map.of(), "backup", "--incremental").contains("-0002-"));
        // Published, and unknown to the index: nothing follows that one, and a full backup begins anew.
        command(137, Map.of("JAVA_TOOL_OPTIONS", "-Dgateway.failpoint=backup-published:1"), "backup", "--incremental");
        assertTrue(names().stream().anyMatch(name -> name.contains("-0003-")), names().toString());
        assertTrue(
                command(0, Map.of(), "backup", "--incremental").contains("A full backup, because the backup before"));
        assertEquals(10, names().size(), names().toString());
        assertEquals(3, command(0, Map.of(), "backup", "list").split("increment ", -1).length - 1);
        for (var name : names()) {
            assertTrue(name.endsWith(".sha256")
                    || command(
                                    0,
                                    Map.of(),
                                    "backup",
                                    "verify",
                                    target.resolve(name).toString(),
                                    "--key",
                                    "ops-secret.asc",
                                    "--passphrase-file",
                                    "passphrase")
                            .contains("Sound, every entry"));
        }
    }

    private Map<String, String> withCredential() {
        var environment = new HashMap<>(settings);
        environment.put("APP_BASIC_AUTH", "admin:" + Program.PASSWORD);
        return environment;
    }

    private static byte[] random(int size) {
        var bytes = new byte[size];
        new java.util.Random(3).nextBytes(bytes);
        return bytes;
    }
}
