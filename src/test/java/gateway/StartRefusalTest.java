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
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must not start: one sentence with the remedy, exit 2, and no port opened. */
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
        refused(Map.of("APP_PROFILE", "production", "APP_BASIC_AUTH", "admin:passwordpassword12345"), "common one");
    }

    @Test
    void aTakenPort() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            refused(Map.of("APP_PORT", String.valueOf(taken.getLocalPort())), String.valueOf(taken.getLocalPort()));
        }
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

    private void refused(Map<String, String> environment, String said) throws Exception {
        var all = new HashMap<>(Map.of("APP_BASIC_AUTH", "admin:" + Program.PASSWORD, "APP_PORT", "0", "APP_METRICS_PORT", "0"));
        all.putAll(environment);
        all.values().removeIf("-"::equals);
        try (var program = Program.start(folder, all, "rest")) {
            assertEquals(2, program.exit(), program.output());
            var errors = program.output().lines().filter(line -> line.startsWith("error: ")).toList();
            assertEquals(1, errors.size(), program.output());
            assertTrue(errors.getFirst().contains(said), program.output());
            assertFalse(program.output().contains("Exception"), program.output());
            assertFalse(program.output().contains(Program.PASSWORD), "no secret in an error");
        }
    }
}
