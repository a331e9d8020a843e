package gateway.backup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.backup.remote.RemotePlaces;
import gateway.config.catalogue.BackupAddressParser;
import gateway.process.ExitCode;
import gateway.process.ExplainedFault;

/** Copies of backups in a bucket, and a server of the bucket that fails in every way. */
class CopiesOnS3Test extends WithKeyring {
    private static final Retention ALL = new Retention(1000, 0, 0, 0);

    @TempDir
    Path folder;

    private LostGateway lost;
    private LocalS3 server;
    private Path target;
    private Instant now = Instant.now();

    @BeforeEach
    void begin() throws Exception {
        lost = new LostGateway(folder.resolve("storages"));
        server = new LocalS3();
        target = Files.createDirectory(folder.resolve("target"));
    }

    @AfterEach
    void endServer() {
        server.close();
    }

    private RemoteCopies copies(String bucket, Map<String, String> keys, String more) throws Exception {
        var address = BackupAddressParser.parse("s3://" + bucket + "/gateway?endpoint=" + server.endpoint() + more);
        return new RemoteCopies(
                RemotePlaces.of(address, name -> Optional.ofNullable(keys.get(name)), folder, InstantSource.system()));
    }

    private RemoteCopies copies() throws Exception {
        return copies(
                LocalS3.BUCKET,
                Map.of("AWS_ACCESS_KEY_ID", LocalS3.ID, "AWS_SECRET_ACCESS_KEY", LocalS3.SECRET),
                "&class=GLACIER_IR&lock-days=30");
    }

    /** Each backup is ten seconds younger than the one before. */
    private BackupRun.Done backup(RemoteCopies copies, Retention retention) {
        now = now.plusSeconds(10);
        return new BackupRun(lost.state(), InstantSource.fixed(now), List.of(copies), BackupKind.FULL)
                .run(BackupDirectory.of(target), recipients(), retention, BackupProgress.NONE);
    }

    private static BackupRecipients recipients() {
        return BackupRecipients.of(List.of(keyring.resolve("ops.asc")), Instant.now());
    }

    @Test
    void aCopyInPartsComesBackAsItWas() throws Exception {
        lost.addLargeFile();
        var done = backup(copies(), ALL);
        var name = done.file().path().getFileName().toString();
        var stored = server.objects.get("gateway/" + name);
        assertArrayEquals(Files.readAllBytes(done.file().path()), stored.bytes());
        assertEquals("GLACIER_IR", stored.headers().get("x-amz-storage-class"));
        assertEquals("AES256", stored.headers().get("x-amz-server-side-encryption"));
        assertEquals("COMPLIANCE", stored.headers().get("x-amz-object-lock-mode"));
        assertTrue(Instant.parse(stored.headers().get("x-amz-object-lock-retain-until-date"))
                .isAfter(Instant.now().plusSeconds(29 * 86_400)));
        assertEquals(Map.of(), server.uploads);
        var into = Files.createDirectory(folder.resolve("fetched"));
        var listed = copies().list();
        assertEquals(
                List.of(done.file().time()),
                listed.stream().map(BackupFile::time).toList());
        var fetched = copies().fetch(listed.getFirst(), into);
        BackupCheck.sum(fetched);
        assertEquals(-1, Files.mismatch(done.file().path(), fetched));
        assertThrows(ExplainedFault.class, () -> copies().fetch(listed.getFirst(), into));
    }

    @Test
    void withoutADirectoryNothingStaysOnThisMachine() throws Exception {
        var done = new BackupRun(lost.state(), InstantSource.system(), List.of(copies()), BackupKind.FULL)
                .run(recipients(), ALL, BackupProgress.NONE);
        assertFalse(Files.exists(done.file().path()));
        assertEquals(Set.of("id", "index"), lost.leftInPlace());
        copies().verify(copies().list().getFirst());
    }

    @ParameterizedTest
    @EnumSource(value = LocalS3.Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void aFaultOfTheServerIsToldAndTheLastGoodCopyStays(LocalS3.Fault fault) throws Exception {
        lost.addLargeFile();
        var good = backup(copies(), new Retention(1, 0, 0, 0));
        var before = server.objects.keySet().stream().toList();
        server.fault = fault;
        var told = assertThrows(ExplainedFault.class, () -> backup(copies(), new Retention(1, 0, 0, 0)));
        assertEquals(
                switch (fault) {
                    case IS_FULL, CUTS_THE_UPLOAD -> ExitCode.ABSENT_FOR_NOW;
                    case ALTERS_A_BYTE -> ExitCode.FAILED;
                    default -> ExitCode.REFUSED;
                },
                told.exitCode(),
                told.getMessage());
        assertTrue(told.getMessage().contains("s3://backups/gateway/"), told.getMessage());
        server.fault = LocalS3.Fault.NONE;
        var listed = copies().list();
        assertEquals(
                List.of(good.file().time()),
                listed.stream().map(BackupFile::time).toList());
        copies().verify(listed.getFirst());
        // The next run clears up, and its copy is good.
        backup(copies(), ALL);
        assertEquals(2, copies().list().size());
        assertEquals(4, server.objects.size(), server.objects.keySet() + " after " + before);
        assertEquals(Map.of(), server.uploads);
    }

    @Test
    void aCopyThatWasAlteredOrCutLaterIsFound() throws Exception {
        backup(copies(), ALL);
        var key = server.objects.firstKey();
        var whole = server.objects.get(key);
        for (var bytes : List.of(
                java.util.Arrays.copyOf(whole.bytes(), whole.bytes().length / 2),
                java.util.Arrays.copyOf(whole.bytes(), whole.bytes().length + 1),
                new byte[0])) {
            server.objects.put(key, new LocalS3.Stored(bytes, whole.headers()));
            var copy = copies().list().getFirst();
            assertEquals(
                    ExitCode.FAILED,
                    assertThrows(AlteredBackup.class, () -> copies().verify(copy))
                            .exitCode());
            var into = folder.resolve("into-" + bytes.length);
            Files.createDirectory(into);
            assertThrows(AlteredBackup.class, () -> copies().fetch(copy, into));
            try (var left = Files.list(into)) {
                assertEquals(List.of(), left.toList());
            }
        }
    }

    private Path empty(String name) throws Exception {
        return Files.createDirectory(folder.resolve(name));
    }

    private static void isEmpty(Path directory) throws Exception {
        try (var left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void ofAServerThatSendsWithoutEndNoMoreIsTakenThanItsListSays() throws Exception {
        backup(copies(), ALL);
        var copy = copies().list().getFirst();
        server.sendsOn = true;
        var into = empty("into");
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            assertThrows(AlteredBackup.class, () -> copies().fetch(copy, into));
            assertThrows(AlteredBackup.class, () -> copies().verify(copy));
        });
        isEmpty(into);
        assertTrue(server.sent.get() <= 2 * (8 << 20), server.sent + " bytes were asked for");
    }

    @Test
    void aCopyForWhichTheDiskHasNoRoomIsNotBegun() throws Exception {
        backup(copies(), ALL);
        var copy = copies().list().getFirst();
        server.pretended = 1L << 48;
        server.sendsOn = true;
        var into = empty("into");
        var told = assertThrows(ExplainedFault.class, () -> copies().fetch(copy, into));
        assertTrue(told.getMessage().contains("Make room"), told.getMessage());
        assertEquals(ExitCode.ABSENT_FOR_NOW, told.exitCode());
        isEmpty(into);
        assertEquals(0, server.sent.get());
    }

    @Test
    void aListWithoutEndIsReadToABoundOfBytes() throws Exception {
        server.endless = true;
        var told = assertThrows(ExplainedFault.class, () -> copies().list());
        assertTrue(told.getMessage().contains("does not end"), told.getMessage());
        assertTrue(server.pages.get() <= 8, server.pages + " pages were read");
    }

    @Test
    void theFaultsOfAllPlacesAreTold() throws Exception {
        server.fault = LocalS3.Fault.IS_FULL;
        var keys = Map.of("AWS_ACCESS_KEY_ID", LocalS3.ID, "AWS_SECRET_ACCESS_KEY", LocalS3.SECRET);
        now = now.plusSeconds(10);
        var run = new BackupRun(
                lost.state(), InstantSource.fixed(now), List.of(copies(), copies("other", keys, "")), BackupKind.FULL);
        var told = assertThrows(
                ExplainedFault.class,
                () -> run.run(BackupDirectory.of(target), recipients(), ALL, BackupProgress.NONE));
        assertTrue(told.getMessage().contains("507 InsufficientStorage."), told.getMessage());
        assertTrue(told.getMessage().contains("404 NoSuchBucket."), told.getMessage());
        assertEquals(ExitCode.REFUSED, told.exitCode(), "the second fault needs a person");
    }

    /** Who gives out this machine's key is away for a while; that there is no key is another matter. */
    @Test
    void anOutageOfTheMetadataIsForNow() throws Exception {
        int closed;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        var away = Map.of("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:" + closed);
        var told = assertThrows(
                ExplainedFault.class, () -> copies(LocalS3.BUCKET, away, "").list());
        assertEquals(ExitCode.ABSENT_FOR_NOW, told.exitCode(), told.getMessage());
        var without = Map.of("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.endpoint());
        told = assertThrows(
                ExplainedFault.class, () -> copies(LocalS3.BUCKET, without, "").list());
        assertEquals(ExitCode.REFUSED, told.exitCode(), told.getMessage());
    }

    @Test
    void anOverloadedServerIsAskedAgain() throws Exception {
        server.refusals = 2;
        backup(copies(), ALL);
        assertEquals(1, copies().list().size());
        server.refusals = 100;
        assertEquals(
                ExitCode.ABSENT_FOR_NOW,
                assertThrows(ExplainedFault.class, () -> copies().list()).exitCode());
    }

    @Test
    void aWrongKeyOrBucketIsToldInOneSentence() throws Exception {
        var wrong = assertThrows(
                ExplainedFault.class,
                () -> copies(
                                LocalS3.BUCKET,
                                Map.of("AWS_ACCESS_KEY_ID", LocalS3.ID, "AWS_SECRET_ACCESS_KEY", "another"),
                                "")
                        .list());
        assertTrue(wrong.getMessage().contains("403 SignatureDoesNotMatch. Allow s3:ListBucket"), wrong.getMessage());
        assertFalse(wrong.getMessage().contains("another"), wrong.getMessage());
        var keys = Map.of("AWS_ACCESS_KEY_ID", LocalS3.ID, "AWS_SECRET_ACCESS_KEY", LocalS3.SECRET);
        assertTrue(assertThrows(
                        ExplainedFault.class, () -> copies("other", keys, "").list())
                .getMessage()
                .contains("404 NoSuchBucket. Make the bucket"));
    }

    @Test
    void olderCopiesGoByTheRetentionAndThoseOfOtherGatewaysStay() throws Exception {
        var foreign = "gateway/whatsapp-ffffffff-20200101T000000Z.tar.zst.gpg";
        for (var name : List.of(foreign, foreign + ".sha256", "gateway/notes.txt")) {
            server.objects.put(name, new LocalS3.Stored(new byte[] {1}, Map.of()));
        }
        var first = backup(copies(), new Retention(1, 0, 0, 0));
        var second = backup(copies(), new Retention(1, 0, 0, 0));
        assertNotEquals(first.file(), second.file());
        assertEquals(5, server.objects.size(), server.objects.keySet().toString());
        assertTrue(server.objects.containsKey(foreign));
        assertTrue(server.objects.containsKey("gateway/" + second.file().path().getFileName()));
    }

    @Test
    void aNameThatLeadsElsewhereIsNoCopy() throws Exception {
        var good = backup(copies(), ALL);
        for (var name : List.of("../../away/whatsapp-ffffffff-20990101T000000Z.tar.zst.gpg", "/")) {
            server.objects.put("gateway/" + name, new LocalS3.Stored(new byte[] {1}, Map.of()));
            server.objects.put("gateway/" + name + ".sha256", new LocalS3.Stored(new byte[] {1}, Map.of()));
            assertEquals(
                    List.of(good.file().path().getFileName()),
                    copies().list().stream().map(BackupFile::path).toList());
        }
    }
}
