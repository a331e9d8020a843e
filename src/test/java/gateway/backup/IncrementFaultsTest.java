package gateway.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.process.ExitCode;
import gateway.process.ExplainedFault;

/** Chains of which a link is missing or is not what was written: it is named, with what can be restored before it. */
class IncrementFaultsTest extends WithKeyring {
    private static final Retention ALL = new Retention(1000, 0, 0, 0);

    @TempDir
    Path folder;

    private LostGateway lost;
    private Path target;
    private Instant now = Instant.parse("2026-11-29T03:00:00Z");
    private List<BackupFile> chain;

    @BeforeEach
    void threeLinks() throws Exception {
        lost = new LostGateway(folder.resolve("storages"));
        target = Files.createDirectory(folder.resolve("target"));
        chain = List.of(increment(), increment(), increment());
        assertEquals(List.of(0, 1, 2), chain.stream().map(BackupFile::number).toList());
    }

    private BackupFile increment() {
        now = now.plus(Duration.ofMinutes(10));
        lost.change("UPDATE message SET body = ? WHERE id = 'id1'", now.toString());
        return new BackupRun(lost.state(), InstantSource.fixed(now), List.of(), new BackupKind.Increment(3))
                .run(
                        BackupDirectory.of(target),
                        BackupRecipients.of(List.of(keyring.resolve("ops.asc")), Instant.now()),
                        ALL,
                        BackupProgress.NONE)
                .file();
    }

    private static SecretKeys key() throws Exception {
        return SecretKeys.of(keyring.resolve("ops-secret.asc"), Optional.of(gpg.passphrase()));
    }

    /** What a restore of that backup says; the place is as empty as before. */
    private ExplainedFault refusal(Path file) throws Exception {
        var into = folder.resolve("into");
        var fault = assertThrows(
                ExplainedFault.class,
                () -> Restoration.into(into, file, key(), (storage, about) -> {}, BackupProgress.NONE));
        try (var left = Files.list(into)) {
            assertEquals(List.of(into.resolve(".lock")), left.toList());
        }
        return fault;
    }

    private static void says(ExplainedFault fault, int code, String... parts) {
        for (var part : parts) {
            assertTrue(fault.getMessage().contains(part), fault.getMessage());
        }
        assertEquals(code, fault.exitCode(), fault.getMessage());
    }

    @Test
    void aMissingIncrementIsNamedWithWhatCanBeRestoredBeforeIt() throws Exception {
        Files.delete(chain.get(1).path());
        var parts = new String[] {
            chain.get(2).name(), "number 1 of the increments before it is missing", "--at 2026-11-29T03:10:00Z"
        };
        says(refusal(chain.get(2).path()), ExitCode.REFUSED, parts);
        says(
                assertThrows(
                        ExplainedFault.class, () -> BackupCheck.sum(chain.get(2).path())),
                ExitCode.REFUSED,
                parts);
        Files.delete(chain.get(0).path());
        says(
                refusal(chain.get(2).path()),
                ExitCode.REFUSED,
                "the full backup of 2026-11-29T03:10:00Z that it needs is missing",
                "take an earlier full backup");
    }

    @Test
    void anIncrementThatIsAlteredOrCutShortIsNamedWithWhatCanBeRestoredBeforeIt() throws Exception {
        for (int link = 1; link <= 2; link++) {
            var file = chain.get(link).path();
            var whole = Files.readAllBytes(file);
            var before = "The state of " + chain.get(link - 1).time() + " can be restored: --at "
                    + chain.get(link - 1).time() + ".";
            var altered = whole.clone();
            altered[whole.length / 2] ^= 1;
            for (var bytes : List.of(altered, Arrays.copyOf(whole, whole.length - 40))) {
                Files.write(file, bytes);
                says(refusal(chain.get(2).path()), ExitCode.FAILED, file.toString(), before);
                for (var key : List.of(Optional.of(key()), Optional.<SecretKeys>empty())) {
                    says(
                            assertThrows(AlteredBackup.class, () -> {
                                if (key.isPresent()) {
                                    BackupCheck.entries(chain.get(2).path(), key.get(), BackupProgress.NONE);
                                } else {
                                    BackupCheck.sum(chain.get(2).path());
                                }
                            }),
                            ExitCode.FAILED,
                            file.toString(),
                            before);
                }
            }
            Files.write(file, whole);
        }
        BackupCheck.entries(chain.get(2).path(), key(), BackupProgress.NONE);
        BackupCheck.sum(chain.get(2).path());
    }

    @Test
    void aLinkOfAnotherChainIsNotApplied() throws Exception {
        // Another full backup under the name of the first one: the blocks would be put into another database.
        lost.change("DELETE FROM message WHERE id < 'id2'");
        Files.delete(lost.storage.resolve("backup/index"));
        var other = increment();
        assertFalse(other.isIncrement());
        Files.copy(other.path(), chain.get(0).path(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        says(refusal(chain.get(1).path()), ExitCode.FAILED, "does not follow the one before it");
    }

    @Test
    void anIncrementUnderANameOfItsOwnIsNotTakenForAFullBackup() throws Exception {
        var file = Files.copy(chain.get(1).path(), folder.resolve("backup"));
        says(
                refusal(file),
                ExitCode.REFUSED,
                "is an increment behind " + chain.get(0).name());
    }
}
