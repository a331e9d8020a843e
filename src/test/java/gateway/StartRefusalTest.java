package gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.admin.FreePort;

/**
 * What must not start: one sentence with the remedy, and no port opened. The exit is 2 for what a person must change,
 * 75 for what is absent for now.
 */
class StartRefusalTest {
    @TempDir
    Path folder;

    @Test
    void noCredentialAndAnAddressThatOthersReach() throws Exception {
        refused(Map.of("APP_HOST", "0.0.0.0", "APP_BASIC_AUTH", "-"), "APP_BASIC_AUTH");
    }

    @Test
    void anEmptyCredentialIsNotNoCredential() throws Exception {
        refused(Map.of("APP_BASIC_AUTH", ""), "APP_BASIC_AUTH");
    }

    @Test
    void aCommonPasswordInProduction() throws Exception {
        refused(
                Map.of(
                        "APP_PROFILE",
                        "production",
                        "WHATSAPP_ENGINE",
                        "web",
                        "APP_BASIC_AUTH",
                        "admin:passwordpassword12345"),
                "common one");
    }

    @Test
    void aTakenPort() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ends(75, Map.of("APP_PORT", String.valueOf(taken.getLocalPort())), String.valueOf(taken.getLocalPort()));
        }
    }

    @Test
    void aDatabaseServerThatIsAway() throws Exception {
        ends(
                75,
                Map.of(
                        "DB_URI",
                        "postgresql://whatsapp:" + Program.PASSWORD + "@127.0.0.1:" + FreePort.find() + "/whatsapp"),
                "cannot be reached");
    }

    @Test
    void aSecretStoreThatIsAway() throws Exception {
        var away = Map.of(
                "WHATSAPP_VAULT_PATH",
                "secret/whatsapp",
                "VAULT_TOKEN",
                "hvs.x",
                "VAULT_ADDR",
                "http://127.0.0.1:" + FreePort.find());
        absent(away, "WHATSAPP_VAULT_PATH (Vault) cannot be reached");
        var both = new HashMap<>(away);
        both.put("APP_PORT", "none");
        try (var program = Program.start(folder, both, "config", "check")) {
            assertEquals(2, program.exit(), "what a person must change comes first: " + program.output());
        }
        try (var program = Program.start(folder, away, "config", "check")) {
            assertEquals(75, program.exit(), program.output());
        }
        try (var program = Program.start(folder, away, "user", "list")) {
            assertEquals(75, program.exit(), program.output());
        }
    }

    @Test
    void anAmazonThatIsAway() throws Exception {
        absent(
                Map.of(
                        "APP_BASIC_AUTH",
                        "-",
                        "WHATSAPP_AWS_SECRETS",
                        "whatsapp",
                        "AWS_REGION",
                        "eu-central-1",
                        "AWS_ACCESS_KEY_ID",
                        "AKIAEXAMPLE",
                        "AWS_SECRET_ACCESS_KEY",
                        "x".repeat(40),
                        "AWS_ENDPOINT_URL_SECRETS_MANAGER",
                        "http://127.0.0.1:" + FreePort.find()),
                "cannot be reached");
    }

    /** As under systemd: the same process waits, says for what, and serves when it is there. */
    @Test
    void aStartThatIsSupervisedWaitsForItsPort() throws Exception {
        var socket = folder.resolve("notify");
        var listener = new ProcessBuilder(
                        "python3",
                        "-uc",
                        "import socket,sys\ns=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM)\n"
                                + "s.bind(sys.argv[1])\nprint('bound')\nwhile True: print(s.recv(4096).decode())",
                        socket.toString())
                .start();
        try (var said = listener.inputReader()) {
            assertEquals("bound", said.readLine());
            var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            try (var program = Program.rest(
                    folder,
                    Map.of("NOTIFY_SOCKET", socket.toString(), "APP_PORT", String.valueOf(taken.getLocalPort())))) {
                var waiting = said.readLine();
                assertTrue(waiting.startsWith("STATUS=Waiting: Port " + taken.getLocalPort()), waiting);
                assertTrue(said.readLine().matches("EXTEND_TIMEOUT_USEC=[0-9]{8,}"));
                taken.close();
                assertEquals(200, program.get("/app/status").statusCode());
                assertEquals(
                        1,
                        program.output()
                                .lines()
                                .filter(line -> line.startsWith("error: "))
                                .count(),
                        program.output());
            } finally {
                taken.close();
            }
        } finally {
            listener.destroy();
        }
    }

    @Test
    void aFullDiskIsNamedAndNothingIsToBeMovedAway() throws Exception {
        var storages = folder.resolve("storages");
        try (var first = Program.rest(folder, Map.of())) {
            first.url();
        }
        var elsewhere = Files.createDirectory(folder.resolve("full"));
        // A file system of its own, filled to the last 4 KB behind a copy of a sound database.
        var script = "mount -t tmpfs -o size=1m,mode=700 tmpfs " + elsewhere + " && cp -a " + storages + "/. "
                + elsewhere + "; dd if=/dev/zero of=" + elsewhere + "/ballast bs=4k 2>/dev/null; truncate -s -4096 "
                + elsewhere + "/ballast; exec \"$@\"";
        var under = List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh");
        Assumptions.assumeTrue(
                new ProcessBuilder("unshare", "--user", "--map-root-user", "--mount", "true")
                                .start()
                                .waitFor()
                        == 0,
                "this kernel does not let an ordinary user mount a file system");
        try (var program = Program.restUnder(under, folder, Map.of("APP_STORAGE_DIR", elsewhere.toString()))) {
            assertEquals(75, program.exit(), program.output());
            assertTrue(program.output().contains("no room"), program.output());
            assertFalse(program.output().contains("damaged") || program.output().contains("ove it"), program.output());
        }
    }

    @Test
    void aSecondServerWhenSomebodyRemovedTheFirstOnesLock() throws Exception {
        try (var first = Program.rest(folder, Map.of())) {
            first.url();
            Files.delete(folder.resolve("storages/.lock"));
            refused(Map.of(), "in use by another whatsapp server");
            assertEquals(200, first.get("/app/status").statusCode());
        }
    }

    @Test
    void aDatabaseThatWasRemovedBesideWhatBelongsToIt() throws Exception {
        try (var first = Program.rest(folder, Map.of())) {
            first.url();
        }
        Files.delete(folder.resolve("storages/whatsapp.db"));
        refused(Map.of(), "APP_ACCEPT_DATABASE=true");
        try (var user = Program.start(folder, Map.of(), "user", "list")) {
            assertEquals(2, user.exit(), "no command makes a new one either: " + user.output());
        }
        try (var accepted = Program.rest(folder, Map.of("APP_ACCEPT_DATABASE", "true"))) {
            assertEquals(200, accepted.get("/app/status").statusCode());
        }
    }

    @Test
    void aWriteAheadLogThatWasRemovedAfterAKill() throws Exception {
        try (var first = Program.rest(folder, Map.of())) {
            first.url();
            first.kill();
        }
        Files.delete(folder.resolve("storages/whatsapp.db-wal"));
        refused(Map.of(), "commits are missing");
    }

    @Test
    void aLinkInTheStorageDirectory() throws Exception {
        var storage = Files.createDirectory(folder.resolve("storages"));
        Files.setPosixFilePermissions(storage, PosixFilePermissions.fromString("rwx------"));
        Files.createDirectory(folder.resolve("elsewhere"));
        Files.createSymbolicLink(storage.resolve("secrets"), folder.resolve("elsewhere"));
        refused(Map.of(), "symbolic link");
    }

    @Test
    void aSecretThatADocumentPrintsInProduction() throws Exception {
        refused(
                Map.of(
                        "APP_PROFILE",
                        "production",
                        "WHATSAPP_ENGINE",
                        "web",
                        "APP_BASIC_AUTH",
                        "admin:a-long-password-for-the-tour"),
                "everybody knows it");
    }

    @Test
    void storageThatOthersCanRead() throws Exception {
        var storage = Files.createDirectory(folder.resolve("storages"));
        Files.writeString(storage.resolve("whatsapp.db"), "");
        Files.setPosixFilePermissions(storage, PosixFilePermissions.fromString("rwxr-xr-x"));
        refused(Map.of(), "chmod 700");
    }

    @Test
    void storageThatCannotBeMade() throws Exception {
        Files.writeString(folder.resolve("file"), "");
        refused(Map.of("APP_STORAGE_DIR", "file/storages"), "storage directory");
    }

    @Test
    void aDamagedDatabase() throws Exception {
        var storage = Files.createDirectory(folder.resolve("storages"));
        Files.setPosixFilePermissions(storage, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(storage.resolve("whatsapp.db"), "no database at all ".repeat(300));
        refused(Map.of(), "damaged");
    }

    @Test
    void aDotEnvThatOthersCanRead() throws Exception {
        var file = folder.resolve(".env");
        Files.writeString(file, "APP_DEBUG=false\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        refused(Map.of(), "chmod 600");
    }

    @Test
    void anUnknownFlag() throws Exception {
        try (var program = Program.start(folder, Map.of(), "rest", "--prot", "3000")) {
            assertEquals(2, program.exit());
            assertTrue(program.output().contains("--prot"), program.output());
        }
    }

    private void absent(Map<String, String> environment, String said) throws Exception {
        var all = new HashMap<>(
                Map.of("APP_BASIC_AUTH", "admin:" + Program.PASSWORD, "APP_PORT", "0", "APP_METRICS_PORT", "0"));
        all.putAll(environment);
        all.values().removeIf("-"::equals);
        try (var program = Program.start(folder, all, "rest")) {
            assertEquals(75, program.exit(), program.output());
            assertTrue(
                    program.output()
                            .lines()
                            .allMatch(line -> line.startsWith("error: ") && line.contains("cannot be reached")
                                    || line.startsWith("warning: ")),
                    program.output());
            assertTrue(program.output().contains(said), program.output());
        }
    }

    private void refused(Map<String, String> environment, String said) throws Exception {
        ends(2, environment, said);
    }

    private void ends(int code, Map<String, String> environment, String said) throws Exception {
        var all = new HashMap<>(
                Map.of("APP_BASIC_AUTH", "admin:" + Program.PASSWORD, "APP_PORT", "0", "APP_METRICS_PORT", "0"));
        all.putAll(environment);
        all.values().removeIf("-"::equals);
        try (var program = Program.start(folder, all, "rest")) {
            assertEquals(code, program.exit(), program.output());
            var errors = program.output()
                    .lines()
                    .filter(line -> line.startsWith("error: "))
                    .toList();
            assertEquals(1, errors.size(), program.output());
            assertTrue(errors.getFirst().contains(said), program.output());
            assertFalse(program.output().contains("Exception"), program.output());
            assertFalse(program.output().contains(Program.PASSWORD), "no secret in an error");
        }
    }
}
