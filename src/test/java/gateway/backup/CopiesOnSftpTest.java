package gateway.backup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.backup.remote.RemotePlace;
import gateway.backup.remote.RemotePlaces;
import gateway.config.catalogue.BackupAddressParser;
import gateway.process.ExitCode;
import gateway.process.ExplainedFault;

/** Copies of backups on a machine that OpenSSH's own server stands for. */
class CopiesOnSftpTest extends WithKeyring {
    @TempDir
    static Path machine;

    private static LocalSshd server;

    @TempDir
    Path folder;

    private LostGateway lost;
    private Path target;
    private Path there;
    private Instant now = Instant.now();

    @BeforeAll
    static void begin() throws Exception {
        server = new LocalSshd(machine);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void gateway() throws Exception {
        lost = new LostGateway(folder.resolve("storages"));
        target = Files.createDirectory(folder.resolve("target"));
        there = Files.createDirectory(folder.resolve("there"));
    }

    private RemoteCopies copies(Path directory, String key, String knownHosts) throws Exception {
        return new RemoteCopies(RemotePlaces.of(
                BackupAddressParser.parse(server.address(directory, key, knownHosts)),
                name -> Optional.empty(),
                folder,
                InstantSource.system()));
    }

    private RemoteCopies copies() throws Exception {
        return copies(there, "key", "known");
    }

    private BackupRun.Done backup(RemoteCopies copies, int last) {
        now = now.plusSeconds(10);
        return new BackupRun(lost.state(), InstantSource.fixed(now), List.of(copies), BackupKind.FULL)
                .run(
                        BackupDirectory.of(target),
                        BackupRecipients.of(List.of(keyring.resolve("ops.asc")), Instant.now()),
                        new Retention(last, 0, 0, 0),
                        BackupProgress.NONE);
    }

    private List<String> names() throws Exception {
        try (var files = Files.list(there)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aCopyComesBackAsItWasAndOlderOnesGo() throws Exception {
        var first = backup(copies(), 1);
        var name = first.file().path().getFileName().toString();
        assertEquals(List.of(name, name + ".sha256"), names());
        var into = Files.createDirectory(folder.resolve("into"));
        var fetched = copies().fetch(copies().list().getFirst(), into);
        assertEquals(-1, Files.mismatch(first.file().path(), fetched));
        BackupCheck.sum(fetched);
        // What a killed run leaves: an unfinished file, and one that was never compared.
        Files.writeString(there.resolve("." + name.replace("Z.", "0Z.") + ".partial"), "half");
        Files.writeString(there.resolve(name.replace("-20", "-19")), "not compared");
        Files.writeString(there.resolve("notes of somebody else.txt"), "stays");
        var second = backup(copies(), 1);
        name = second.file().path().getFileName().toString();
        assertEquals(
                List.of(".", "notes of somebody else.txt", name, name + ".sha256")
                        .subList(1, 4),
                names().stream().filter(one -> !one.contains("0Z.")).toList());
        copies().verify(copies().list().getFirst());
    }

    private RemotePlace place() throws Exception {
        return RemotePlaces.of(
                BackupAddressParser.parse(server.address(there, "key", "known")),
                name -> Optional.empty(),
                folder,
                InstantSource.system());
    }

    /** A file that is read back lies nowhere on this machine. */
    @Test
    void aFileComesBackAsAStreamOfNoMoreThanIsAskedFor() throws Exception {
        var bytes = new byte[5_000_001];
        new Random(7).nextBytes(bytes);
        Files.write(there.resolve("large"), bytes);
        Files.write(there.resolve("none"), new byte[0]);
        assertEquals(Map.of("large", 5_000_001L, "none", 0L), place().files());
        var all = new ByteArrayOutputStream() {
            private long lying;

            @Override
            public void write(byte[] from, int at, int length) {
                super.write(from, at, length);
                try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
                    lying += files.filter(file -> file.getFileName().toString().startsWith("whatsapp-backup-"))
                            .count();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        place().get("large", bytes.length, all);
        assertArrayEquals(bytes, all.toByteArray());
        assertEquals(0, all.lying);
        var part = new ByteArrayOutputStream();
        place().get("large", 40_000, part);
        assertArrayEquals(Arrays.copyOf(bytes, 40_001), part.toByteArray());
        var none = new ByteArrayOutputStream();
        place().get("none", 10, none);
        assertEquals(0, none.size());
        var absent = assertThrows(ExplainedFault.class, () -> place().get("absent", 10, none));
        assertTrue(absent.getMessage().contains("did not give the file absent: No such file"), absent.getMessage());
        assertEquals(
                "full",
                assertThrows(
                                IOException.class,
                                () -> place().get("large", bytes.length, new OutputStream() {
                                    @Override
                                    public void write(int one) throws IOException {
                                        throw new IOException("full");
                                    }
                                }))
                        .getMessage());
    }

    @Test
    void aCopyThatWasAlteredIsFound() throws Exception {
        backup(copies(), 9);
        var copy = copies().list().getFirst();
        var file = there.resolve(copy.path());
        var bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        assertThrows(AlteredBackup.class, () -> copies().verify(copy));
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        assertThrows(AlteredBackup.class, () -> copies().verify(copy));
    }

    @Test
    void anUnknownServerGetsNothingAndAStrangersKeyDoesNotOpen() throws Exception {
        var unknown = assertThrows(ExplainedFault.class, () -> backup(copies(there, "key", "strange"), 9));
        assertTrue(unknown.getMessage().contains("The server's key is not the one in"), unknown.getMessage());
        assertEquals(ExitCode.REFUSED, unknown.exitCode());
        var stranger = assertThrows(ExplainedFault.class, () -> backup(copies(there, "stranger", "known"), 9));
        assertTrue(stranger.getMessage().contains("authorized_keys"), stranger.getMessage());
        var absent = assertThrows(
                ExplainedFault.class, () -> copies(there, "none", "known").list());
        assertTrue(absent.getMessage().contains("none, which cannot be read"), absent.getMessage());
        var nowhere =
                assertThrows(ExplainedFault.class, () -> backup(copies(folder.resolve("absent"), "key", "known"), 9));
        assertTrue(nowhere.getMessage().contains("Make the directory there"), nowhere.getMessage());
        assertEquals(List.of(), names());
        try (var local = Files.list(target)) {
            assertEquals(6, local.count(), "the backups themselves are good");
        }
    }

    @Test
    void anAddressIsRefusedForOneReason() {
        assertEquals("holds a password, which sftp does not take", refusal("sftp://a:b@host/dir?key=k&known-hosts=h"));
        assertEquals("has no key", refusal("sftp://a@host/dir?known-hosts=h"));
        assertEquals("names no directory", refusal("sftp://a@host?key=k&known-hosts=h"));
        assertEquals("is not an address of backups", refusal("ftp://host/dir"));
        assertEquals("is not an address of backups", refusal("sftp://-oProxyCommand=x/dir"));
        assertEquals("names no user", refusal("sftp://-oProxyCommand=x@host/dir?key=k&known-hosts=h"));
        assertTrue(refusal("s3://bucket/p?class=GLACIER").startsWith("has a class that takes hours to read"));
        assertTrue(refusal("s3://AK:secret@bucket/p").startsWith("holds a key of S3"));
        assertFalse(refusal("s3://AK:secret@bucket/p").contains("secret"));
        assertEquals("has a lock-days that is not a number up to 3650", refusal("s3://bucket/p?lock-days=-1"));
        assertTrue(refusal("s3://bucket/p?lock-days=1&lock-days=2").startsWith("has a parameter"));
        assertTrue(refusal("s3://bucket/a//b").startsWith("has a path with other characters"));
        assertTrue(refusal("s3://bucket/../b").startsWith("has a path with other characters"));
    }

    private static String refusal(String address) {
        return assertThrows(gateway.config.Invalid.class, () -> BackupAddressParser.parse(address))
                .what();
    }
}
