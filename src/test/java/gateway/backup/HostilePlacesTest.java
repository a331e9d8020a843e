package gateway.backup;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.process.ExplainedFault;

/** Files and directories around a backup that somebody else has prepared. */
class HostilePlacesTest extends WithKeyring {
    @TempDir
    Path folder;

    private static BackupRecipients recipients(Path file) {
        return BackupRecipients.of(List.of(file), Instant.now());
    }

    private GatewayState gateway() throws Exception {
        return new LostGateway(folder.resolve("storages")).state();
    }

    private static BackupFile backup(GatewayState state, Path target, Instant now) {
        return new BackupRun(state, InstantSource.fixed(now))
                .run(
                        BackupDirectory.of(target),
                        recipients(keyring.resolve("ops.asc")),
                        new Retention(2, 0, 0, 0),
                        BackupProgress.NONE)
                .file();
    }

    @Test
    void aRecipientsFileWithoutEndIsRefused() {
        var fault = assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThrows(ExplainedFault.class, () -> recipients(Path.of("/dev/zero"))));
        assertTrue(fault.getMessage().contains("is larger than 4 MiB"), fault.getMessage());
    }

    @Test
    void aSumWithoutEndIsNotReadIntoMemory() throws Exception {
        var file = Files.writeString(folder.resolve("backup"), "x");
        Files.createSymbolicLink(folder.resolve("backup.sha256"), Path.of("/dev/zero"));
        var fault = assertTimeoutPreemptively(
                Duration.ofSeconds(20), () -> assertThrows(ExplainedFault.class, () -> BackupCheck.sum(file)));
        assertTrue(fault.getMessage().contains("holds no SHA-256"), fault.getMessage());
    }

    @Test
    void linksThatLieInTheTargetAreNotFollowed() throws Exception {
        var target = Files.createDirectory(folder.resolve("target"));
        var victim = Files.writeString(folder.resolve("victim"), "as it was");
        var state = gateway();
        var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        var first = backup(state, target, now.minusSeconds(60));
        var taken = BackupFile.in(target, first.id(), now);
        var free = BackupFile.in(target, first.id(), now.plusSeconds(1));
        for (var path : List.of(taken.path(), taken.sum(), taken.partial(), free.sum(), free.partial())) {
            Files.createSymbolicLink(path, victim);
        }
        assertEquals(free, backup(state, target, now));
        BackupCheck.sum(free.path());
        for (var file : List.of(first.path(), free.path(), free.sum())) {
            assertTrue(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS), file.toString());
        }
        assertEquals("as it was", Files.readString(victim));
    }

    @Test
    void aRestoreThatCannotTakeItsPlaceLeavesNothingOfTheBackup() throws Exception {
        var target = Files.createDirectory(folder.resolve("target"));
        var file = backup(gateway(), target, Instant.now()).path();
        var into = folder.resolve("into");
        var keys = SecretKeys.of(keyring.resolve("ops-secret.asc"), Optional.of(gpg.passphrase()));
        // Somebody takes the database's place while the backup is unpacked.
        Restoration.Settling meanwhile = (storage, about) ->
                assertDoesNotThrow(() -> Files.createDirectories(into.resolve("whatsapp.db/taken")));
        assertThrows(ExplainedFault.class, () -> Restoration.into(into, file, keys, meanwhile, BackupProgress.NONE));
        try (var left = Files.list(into)) {
            assertEquals(
                    List.of(".lock", "whatsapp.db"),
                    left.map(path -> path.getFileName().toString()).sorted().toList());
        }
    }
}
