package gateway.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.backup.remote.RemotePlaces;
import gateway.config.catalogue.BackupAddressParser;
import gateway.process.ExplainedFault;

/** Backups of a machine whose clock is wrong. */
class BackupClockTest extends WithKeyring {
    private static final Retention ONE = new Retention(1, 0, 0, 0);
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    @TempDir
    Path folder;

    private static BackupFile backup(LostGateway lost, Path target, Instant time, RemoteCopies... copies) {
        return new BackupRun(lost.state(), InstantSource.fixed(time), List.of(copies), BackupKind.FULL)
                .run(
                        BackupDirectory.of(target),
                        BackupRecipients.of(List.of(keyring.resolve("ops.asc")), Instant.now()),
                        ONE,
                        BackupProgress.NONE)
                .file();
    }

    @Test
    void aClockThatJumpsRemovesNoBackupAndReplacesNone() throws Exception {
        var lost = new LostGateway(folder.resolve("storages"));
        var target = Files.createDirectory(folder.resolve("target"));
        try (var server = new LocalS3()) {
            var keys = Map.of("AWS_ACCESS_KEY_ID", LocalS3.ID, "AWS_SECRET_ACCESS_KEY", LocalS3.SECRET);
            var copies = new RemoteCopies(RemotePlaces.of(
                    BackupAddressParser.parse("s3://backups?endpoint=" + server.endpoint()),
                    name -> Optional.ofNullable(keys.get(name)),
                    folder,
                    InstantSource.system()));
            var ahead = backup(lost, target, NOW.plus(Duration.ofDays(400)), copies);
            var after = backup(lost, target, NOW, copies);
            assertEquals(List.of(ahead, after), BackupDirectory.of(target).list(), "neither is taken for surplus");
            assertEquals(2, copies.list().size());
            BackupCheck.sum(after.path());
            // Here the next second is free, and is taken. There the time of the copy is taken, and it is not replaced.
            var third = backup(lost, target, NOW);
            assertEquals(NOW.plusSeconds(1), third.time());
            var elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
            var fault = assertThrows(ExplainedFault.class, () -> backup(lost, elsewhere, NOW, copies));
            assertTrue(fault.getMessage().contains("Look at this machine's clock"), fault.getMessage());
            copies.verify(copies.list().getLast());
        }
    }
}
