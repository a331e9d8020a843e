package gateway.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.backup.remote.RemotePlaces;
import gateway.config.catalogue.BackupAddressParser;
import gateway.process.ExplainedFault;

/** Increments in a place on another machine: a chain there is always whole. */
class IncrementCopiesTest extends WithKeyring {
    private static final Retention ALL = new Retention(1000, 0, 0, 0);

    @TempDir
    Path folder;

    private LostGateway lost;
    private LocalS3 server;
    private RemoteCopies copies;
    private List<RemoteCopies> places = List.of();
    private Optional<BackupDirectory> target = Optional.empty();
    private Instant now = Instant.parse("2026-11-29T03:00:00Z");

    @BeforeEach
    void begin() throws Exception {
        lost = new LostGateway(folder.resolve("storages"));
        server = new LocalS3();
        copies = at(server.endpoint());
        places = List.of(copies);
    }

    private RemoteCopies at(String endpoint) throws Exception {
        var keys = Map.of("AWS_ACCESS_KEY_ID", LocalS3.ID, "AWS_SECRET_ACCESS_KEY", LocalS3.SECRET);
        return new RemoteCopies(RemotePlaces.of(
                BackupAddressParser.parse("s3://" + LocalS3.BUCKET + "/gateway?endpoint=" + endpoint),
                name -> Optional.ofNullable(keys.get(name)),
                folder,
                InstantSource.system()));
    }

    @AfterEach
    void endServer() {
        server.close();
    }

    private BackupRun.Done increment() {
        now = now.plusSeconds(600);
        lost.change("UPDATE message SET body = ? WHERE id = 'id1'", now.toString());
        var run = new BackupRun(lost.state(), InstantSource.fixed(now), places, new BackupKind.Increment(3));
        var recipients = BackupRecipients.of(List.of(keyring.resolve("ops.asc")), Instant.now());
        return target.isPresent()
                ? run.run(target.get(), recipients, ALL, BackupProgress.NONE)
                : run.run(recipients, ALL, BackupProgress.NONE);
    }

    private List<Integer> numbers() {
        return copies.list().reversed().stream().map(BackupFile::number).toList();
    }

    private void restoredFromThere(BackupRun.Done done) throws Exception {
        var here = Files.createDirectory(folder.resolve("fetched"));
        var last = copies.list().getFirst();
        for (var link : BackupChain.of(last, copies.list())) {
            copies.verify(link);
            copies.fetch(link, here);
        }
        assertEquals(
                done.about(),
                Restoration.into(
                        folder.resolve("new"),
                        here.resolve(last.path()),
                        SecretKeys.of(keyring.resolve("ops-secret.asc"), Optional.of(gpg.passphrase())),
                        (storage, about) -> {},
                        BackupProgress.NONE));
    }

    @Test
    void whatAFailureKeptAwayIsSentBeforeTheNextIncrement() throws Exception {
        target = Optional.of(BackupDirectory.of(Files.createDirectory(folder.resolve("target"))));
        increment();
        server.fault = LocalS3.Fault.IS_FULL;
        assertThrows(ExplainedFault.class, this::increment);
        assertThrows(ExplainedFault.class, this::increment);
        assertEquals(List.of(0), numbers());
        server.fault = LocalS3.Fault.NONE;
        var done = increment();
        assertEquals(3, done.file().number());
        assertEquals(List.of(0, 1, 2, 3), numbers());
        restoredFromThere(done);
    }

    @Test
    void withoutADirectoryAPlaceThatCannotBeReachedKeepsNothingFromTheOthers() throws Exception {
        var gone = new LocalS3();
        places = List.of(at(gone.endpoint()), copies);
        increment();
        gone.close();
        var told = assertThrows(ExplainedFault.class, this::increment).getMessage();
        assertTrue(told.contains("cannot be reached"), told);
        assertEquals(List.of(0, 1), numbers());
        server.close();
        assertThrows(ExplainedFault.class, this::increment);
    }

    @Test
    void withoutADirectoryAFailureIsFollowedByAFullBackup() throws Exception {
        increment();
        assertEquals(1, increment().file().number());
        server.fault = LocalS3.Fault.IS_FULL;
        assertThrows(ExplainedFault.class, this::increment);
        server.fault = LocalS3.Fault.NONE;
        assertFalse(increment().file().isIncrement());
        var done = increment();
        assertEquals(List.of(0, 1, 0, 1), numbers());
        restoredFromThere(done);
    }
}
