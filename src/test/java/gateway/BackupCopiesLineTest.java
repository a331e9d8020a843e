package gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import gateway.backup.Gnupg;
import gateway.backup.LocalS3;

/** The real program with a bucket for its backups: from the first copy to the restored directory. */
@Timeout(240)
class BackupCopiesLineTest {
    @TempDir
    Path folder;

    private Gnupg gpg;
    private LocalS3 server;
    private Map<String, String> settings;

    @BeforeEach
    void begin() throws Exception {
        gpg = new Gnupg(folder);
        gpg.key("ops");
        gpg.passphrase();
        server = new LocalS3();
        Files.writeString(folder.resolve("s3.secret"), LocalS3.SECRET);
        settings = Map.of(
                "APP_BASIC_AUTH",
                "admin:" + Program.PASSWORD,
                "WHATSAPP_BACKUP_COPIES",
                address(),
                "WHATSAPP_BACKUP_RECIPIENTS",
                "ops.asc",
                "AWS_ACCESS_KEY_ID",
                LocalS3.ID,
                "AWS_SECRET_ACCESS_KEY_FILE",
                "s3.secret");
    }

    private String address() {
        return "s3://backups/gateway?endpoint=" + server.endpoint();
    }

    @AfterEach
    void end() throws Exception {
        gpg.close();
        server.close();
    }

    private String command(int code, Map<String, String> more, String... arguments) throws Exception {
        var environment = new HashMap<>(settings);
        environment.putAll(more);
        try (var command = Program.start(folder, environment, arguments)) {
            assertEquals(code, command.exit(), command.output());
            assertFalse(command.output().contains(LocalS3.SECRET), command.output());
            return command.output();
        }
    }

    private void gateway() throws Exception {
        try (var program = Program.rest(folder, settings)) {
            program.url();
        }
    }

    @Test
    void aCopyIsFetchedOnANewMachineAndOneAccountIsRestored() throws Exception {
        gateway();
        var output = command(0, Map.of(), "backup");
        assertTrue(output.contains("Copied and read back: s3://backups/gateway/"), output);
        assertTrue(command(0, Map.of(), "backup", "list").contains(".tar.zst.gpg  20"));
        assertTrue(command(0, Map.of(), "backup", "verify").contains("Sound by its SHA-256: s3://backups/gateway/"));
        var into = Files.createDirectory(folder.resolve("fetched"));
        output = command(0, Map.of(), "backup", "fetch", "--from", address(), "--into", into.toString());
        assertTrue(Files.exists(Path.of(output.strip())), output);
        var restore = List.of(
                "restore",
                "--from",
                into.toString(),
                "--key",
                "ops-secret.asc",
                "--passphrase-file",
                "passphrase",
                "--into",
                folder.resolve("new").toString());
        assertTrue(command(2, Map.of(), with(restore, "--at", "2020-01-01T00:00:00Z"))
                .contains("There is no backup of 2020-01-01T00:00:00Z or before in that place."));
        assertTrue(command(2, Map.of(), with(restore, "--at", "yesterday")).contains("--at is no time with its zone"));
        assertTrue(command(2, Map.of(), with(restore, "--only", "somebody"))
                .contains("The backup has no account somebody; it has "));
        assertTrue(command(0, Map.of(), with(restore, "--only", "default", "--at", "2100-01-01T00:00:00Z"))
                .contains("Every account is held."));
        assertTrue(Files.exists(folder.resolve("new/whatsapp.db")));
    }

    private static String[] with(List<String> arguments, String... more) {
        return java.util.stream.Stream.concat(arguments.stream(), java.util.Arrays.stream(more))
                .toArray(String[]::new);
    }

    @Test
    void killedWhileItCopiesItLeavesTheLastGoodCopyAndTheNextOneCleansUp() throws Exception {
        gateway();
        command(0, Map.of(), "backup");
        var good = List.copyOf(server.objects.keySet());
        assertEquals(2, good.size());
        for (var step : List.of("backup-uploaded", "backup-compared")) {
            command(137, Map.of("JAVA_TOOL_OPTIONS", "-Dgateway.failpoint=" + step + ":1"), "backup");
            assertEquals(3, server.objects.size(), step);
            assertTrue(server.objects.keySet().containsAll(good), step);
            assertEquals(
                    1,
                    command(0, Map.of(), "backup", "list")
                            .lines()
                            .filter(line -> line.contains(".gpg"))
                            .count());
        }
        command(0, Map.of(), "backup");
        assertEquals(4, server.objects.size(), server.objects.keySet().toString());
        try (var left = Files.list(folder.resolve("storages/backup"))) {
            assertEquals(
                    Set.of("id", "index"),
                    left.map(file -> file.getFileName().toString()).collect(Collectors.toSet()));
        }
    }
}
