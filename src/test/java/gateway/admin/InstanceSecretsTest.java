package gateway.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How an instance gets its secrets: in memory, and nowhere else in clear. */
class InstanceSecretsTest {
    private static final String CLEAR =
            "APP_BASIC_AUTH='admin:hushed-1'\nAPP_OS='a'\nWHATSAPP_WEBHOOK_SECRET='hushed-2'\n";

    @TempDir
    Path folder;

    private Path root;
    private Path memory;

    @BeforeEach
    void start() throws Exception {
        root = Files.createDirectory(folder.resolve("instances"));
        memory = Files.createTempDirectory(Path.of("/dev/shm"), "hand-over");
    }

    @AfterEach
    void stop() throws Exception {
        InstanceFiles.delete(memory);
    }

    @Test
    void aDirectoryOnADiskIsRefused() {
        var disk = Path.of("target").toAbsolutePath().resolve("hand-over");
        try {
            var error = assertThrows(IllegalStateException.class, () -> InstanceSecrets.in(disk, root));
            assertTrue(error.getMessage().contains("is on a disk"), error.getMessage());
        } finally {
            assertTrue(disk.toFile().delete());
        }
    }

    @Test
    void aDirectoryThatOthersMayEnterIsRefused() throws Exception {
        Files.setPosixFilePermissions(memory, PosixFilePermissions.fromString("rwxr-x---"));
        assertThrows(IllegalStateException.class, () -> InstanceSecrets.in(memory, root));
        var link = Files.createSymbolicLink(folder.resolve("link"), memory);
        assertThrows(IllegalStateException.class, () -> InstanceSecrets.in(link, root));
    }

    @Test
    void secretsAndNothingElseLieThereForTheOwnerOnly() throws Exception {
        var handOver = InstanceSecrets.in(memory, root);
        handOver.put(3001, Map.of("APP_BASIC_AUTH", "admin:hushed-1", "APP_OS", "a"));
        try (var there = Files.list(handOver.of(3001))) {
            assertEquals(List.of(handOver.of(3001).resolve("app-basic-auth")), there.toList());
        }
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(handOver.of(3001).resolve("app-basic-auth"))));
        assertEquals("admin:hushed-1", Files.readString(handOver.of(3001).resolve("app-basic-auth")));
        handOver.remove(3001);
        assertTrue(Files.notExists(handOver.of(3001)));
    }

    @Test
    void aClearFileOfAnEarlierVersionIsSealedAtTheStartAndItsInstanceStartedAnew() throws Exception {
        var supervisor = new ScriptedSupervisor();
        var env = clear(3001);
        try (var instances = instances(supervisor)) {
            instances.resume();
            assertEquals(List.of("resume 3001", "stop 3001", "resume 3001"), supervisor.done);
            assertFalse(Files.readString(env).contains("hushed"), Files.readString(env));
            assertEquals("hushed-2", Files.readString(memory.resolve("3001/whatsapp-webhook-secret")));
            instances.resume();
            assertEquals(4, supervisor.done.size(), "it is sealed now, and left running");
        }
    }

    @Test
    void oneThatDoesNotOpenIsLeftAloneAndTheOthersStart() throws Exception {
        var supervisor = new ScriptedSupervisor();
        Files.writeString(clear(3001), "SEALED_APP_BASIC_AUTH='AAAA'\nDATA_KEY='000000000000:AAAA'\n");
        clear(3002);
        try (var instances = instances(supervisor)) {
            instances.resume();
            assertTrue(supervisor.done.contains("resume 3002"), supervisor.done::toString);
            assertFalse(supervisor.done.contains("resume 3001"), supervisor.done::toString);
            assertEquals(2, instances.list().size(), "both are shown");
        }
    }

    private Path clear(int port) throws IOException {
        return Files.writeString(Files.createDirectory(root.resolve("" + port)).resolve(".env"), CLEAR);
    }

    private Instances instances(ScriptedSupervisor supervisor) {
        return new Instances(
                new InstanceFiles(root, AdminRig.sealing(root), InstantSource.system()),
                InstanceSecrets.in(memory, root),
                supervisor,
                new PortRules(Set.of()),
                new InstanceSettings(Map.of(), root.resolve("nowhere")),
                AdminMetrics.NONE);
    }
}
