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
import java.util.TreeSet;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.process.ExitCode;
import gateway.process.ExplainedFault;
import gateway.process.PassingFault;
import gateway.store.Database;
import gateway.store.Store;

/**
 * Everything that can be wrong with a backup or a restore: one sentence, its exit code, and the last good copy stays.
 */
class BackupFaultsTest {
    private static final Retention ALL = new Retention(1000, 0, 0, 0);

    @TempDir
    static Path keyring;

    private static Gnupg gpg;

    @TempDir
    Path folder;

    private LostGateway lost;
    private Path target;

    @BeforeAll
    static void keys() throws Exception {
        gpg = new Gnupg(keyring);
        gpg.key("ops");
        gpg.key("stranger");
        gpg.key("expired", "--faked-system-time", "20200101T000000");
    }

    @AfterAll
    static void end() throws Exception {
        gpg.close();
    }

    @BeforeEach
    void gateway() throws Exception {
        lost = new LostGateway(folder.resolve("storages"));
        target = Files.createDirectory(folder.resolve("target"));
    }

    private BackupRun.Done backup() {
        return backup(ALL, BackupProgress.NONE);
    }

    private BackupRun.Done backup(Retention retention, BackupProgress progress) {
        return new BackupRun(lost.state(), InstantSource.system())
                .run(BackupDirectory.of(target), recipients("ops.asc"), retention, progress);
    }

    private static BackupRecipients recipients(String... names) {
        return BackupRecipients.of(
                java.util.Arrays.stream(names).map(keyring::resolve).toList(), Instant.now());
    }

    private static SecretKeys key(String name) throws Exception {
        return SecretKeys.of(keyring.resolve(name + "-secret.asc"), Optional.of(gpg.passphrase()));
    }

    /** What a restore says to a file; the place it was to go to is empty afterwards. */
    private ExplainedFault refusal(Path file, SecretKeys keys) throws Exception {
        var into = folder.resolve("into");
        var fault = assertThrows(
                ExplainedFault.class,
                () -> Restoration.into(into, file, keys, (storage, about) -> {}, BackupProgress.NONE));
        try (var left = Files.list(into)) {
            assertEquals(List.of(into.resolve(".lock")), left.toList());
        }
        return fault;
    }

    private static void says(String part, ExplainedFault fault, int code) {
        assertTrue(fault.getMessage().contains(part), fault.getMessage());
        assertEquals(code, fault.exitCode(), fault.getMessage());
    }

    private TreeSet<String> names() throws Exception {
        try (var files = Files.list(target)) {
            return files.map(file -> file.getFileName().toString())
                    .collect(java.util.stream.Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void anotherKeyOrPassphraseOpensNothing() throws Exception {
        var file = backup().file().path();
        says("is for other keys", refusal(file, key("stranger")), ExitCode.REFUSED);
        says(
                "does not open with this passphrase",
                refusal(file, SecretKeys.of(keyring.resolve("ops-secret.asc"), Optional.empty())),
                ExitCode.REFUSED);
        says(
                "holds no secret key",
                assertThrows(ExplainedFault.class, () -> SecretKeys.of(keyring.resolve("ops.asc"), Optional.empty())),
                ExitCode.REFUSED);
    }

    @Test
    void aRecipientWhoCannotOpenItIsRefusedBeforeAnythingIsWritten() throws Exception {
        says(
                "has expired",
                assertThrows(ExplainedFault.class, () -> recipients("ops.asc", "expired.asc")),
                ExitCode.REFUSED);
        says(
                "holds a secret key",
                assertThrows(ExplainedFault.class, () -> recipients("ops-secret.asc")),
                ExitCode.REFUSED);
        says(
                "cannot be read: it does not exist",
                assertThrows(ExplainedFault.class, () -> recipients("none.asc")),
                ExitCode.REFUSED);
        Files.writeString(keyring.resolve("text.asc"), "no key at all");
        says("holds no public key", assertThrows(ExplainedFault.class, () -> recipients("text.asc")), ExitCode.REFUSED);
        says("needs a recipient", assertThrows(ExplainedFault.class, () -> recipients()), ExitCode.REFUSED);
        says(
                "from the future",
                assertThrows(
                        ExplainedFault.class,
                        () -> BackupRecipients.of(
                                List.of(keyring.resolve("ops.asc")),
                                Instant.now().minusSeconds(90_000))),
                ExitCode.REFUSED);
    }

    @Test
    void aFileThatIsCutShortNamesTheEntryThatItEndsIn() throws Exception {
        var whole = Files.readAllBytes(backup().file().path());
        var file = folder.resolve("cut");
        for (int length :
                new int[] {whole.length - 1, whole.length - 30, whole.length - 120_000, whole.length / 2, 700}) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            var fault = refusal(file, key("ops"));
            assertTrue(
                    fault.getMessage().contains(" is cut short: it ends in ")
                            || fault.getMessage().contains("was altered"),
                    fault.getMessage());
            assertEquals(ExitCode.FAILED, fault.exitCode());
        }
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
        // In an entry, or in what follows one.
        says("cut short: it ends in ", refusal(file, key("ops")), ExitCode.FAILED);
        Files.write(file, new byte[0]);
        says("is not a backup", refusal(file, key("ops")), ExitCode.REFUSED);
    }

    @Test
    void oneAlteredByteAnywhereIsFoundAndTheEntryIsNamed() throws Exception {
        var done = backup();
        var whole = Files.readAllBytes(done.file().path());
        var file = folder.resolve("altered");
        var random = new java.util.Random(7);
        for (int i = 0; i < 8; i++) {
            var bytes = whole.clone();
            bytes[600 + random.nextInt(whole.length - 600)] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, bytes);
            var fault = refusal(file, key("ops"));
            assertEquals(ExitCode.FAILED, fault.exitCode(), fault.getMessage());
        }
        var bytes = whole.clone();
        bytes[whole.length / 2] ^= 1;
        Files.write(file, bytes);
        says("was altered: the entry media/default/" + LostGateway.PICTURE, refusal(file, key("ops")), ExitCode.FAILED);
        Files.write(done.file().path(), bytes);
        says(
                "its SHA-256",
                assertThrows(
                        AlteredBackup.class, () -> BackupCheck.sum(done.file().path())),
                ExitCode.FAILED);
        assertThrows(
                AlteredBackup.class, () -> BackupCheck.entries(done.file().path(), key("ops"), BackupProgress.NONE));
    }

    @Test
    void aUsedDirectoryIsLeftAsItIs() throws Exception {
        var file = backup().file().path();
        var into = Files.createDirectory(folder.resolve("used"));
        Files.writeString(into.resolve("whatsapp.db"), "another gateway's");
        var fault = assertThrows(
                ExplainedFault.class,
                () -> Restoration.into(into, file, key("ops"), (storage, about) -> {}, BackupProgress.NONE));
        says("is not empty: it holds whatsapp.db", fault, ExitCode.REFUSED);
        assertEquals("another gateway's", Files.readString(into.resolve("whatsapp.db")));
        says(
                "is not empty",
                assertThrows(
                        ExplainedFault.class,
                        () -> Restoration.into(
                                lost.storage, file, key("ops"), (storage, about) -> {}, BackupProgress.NONE)),
                ExitCode.REFUSED);
    }

    @Test
    void aRestoreThatFailsAtItsLastStepLeavesTheDirectoryEmptyAndMayBeRepeated() throws Exception {
        var file = backup().file().path();
        var into = folder.resolve("into");
        assertThrows(
                PassingFault.class,
                () -> Restoration.into(
                        into,
                        file,
                        key("ops"),
                        (storage, about) -> {
                            throw new PassingFault("no room");
                        },
                        BackupProgress.NONE));
        Files.createDirectory(into.resolve(".restoring"));
        Files.writeString(into.resolve(".restoring/half"), "of a killed run");
        Restoration.into(into, file, key("ops"), (storage, about) -> {}, BackupProgress.NONE);
        assertFalse(Files.exists(into.resolve("half")));
        assertTrue(Files.exists(into.resolve("whatsapp.db")));
    }

    @Test
    void whatWouldNotOpenAnythingIsNotWritten() throws Exception {
        Files.delete(lost.storage.resolve("secrets/encryption.key"));
        var other = gateway.secret.KeyRing.file(lost.storage.resolve("secrets/encryption.key"));
        var state = new GatewayState(
                lost.storage,
                lost.storage.resolve("whatsapp.db"),
                lost.storage.resolve("security.log"),
                other,
                Map.of(),
                "1");
        says(
                "needs the encryption key",
                assertThrows(
                        ExplainedFault.class,
                        () -> new BackupRun(state, InstantSource.system())
                                .run(BackupDirectory.of(target), recipients("ops.asc"), ALL, BackupProgress.NONE)),
                ExitCode.REFUSED);
        assertEquals(new TreeSet<>(), names());
    }

    @Test
    void aDamagedDatabaseIsNotTakenForAGoodBackup() throws Exception {
        var good = backup();
        try (var store = Store.open(new Database.Sqlite(lost.storage.resolve("whatsapp.db")))) {
            assertTrue(store.number("SELECT count(*) FROM message") > 0);
        }
        var bytes = Files.readAllBytes(lost.storage.resolve("whatsapp.db"));
        for (int at = 8192; at < bytes.length; at += 4096) {
            java.util.Arrays.fill(bytes, at, at + 200, (byte) 0x5a);
        }
        Files.write(lost.storage.resolve("whatsapp.db"), bytes);
        assertEquals(
                ExitCode.REFUSED,
                assertThrows(gateway.store.StoreFault.class, this::backup).exitCode());
        assertEquals(
                new TreeSet<>(List.of(
                        good.file().path().getFileName().toString(),
                        good.file().sum().getFileName().toString())),
                names());
    }

    @Test
    void thePlaceMustBeThereAndElsewhere() throws Exception {
        says(
                "it does not exist",
                assertThrows(ExplainedFault.class, () -> BackupDirectory.of(folder.resolve("unmounted"))),
                ExitCode.REFUSED);
        target = Files.createDirectory(lost.storage.resolve("inside"));
        says("is inside the storage directory", assertThrows(ExplainedFault.class, this::backup), ExitCode.REFUSED);
    }

    @Test
    void twoAtOnceAreOne() throws Exception {
        lost.addLargeFile();
        var second = new Throwable[1];
        backup(ALL, (done, total) -> {
            if (second[0] == null) {
                second[0] = assertThrows(PassingFault.class, this::backup);
            }
        });
        assertTrue(
                second[0].getMessage().contains("Another backup or drill of this gateway is under way"),
                second[0].getMessage());
        assertEquals(2, names().size(), names().toString());
    }

    @Test
    void olderOnesGoByTheRetentionAndOthersGatewaysStay() throws Exception {
        var foreign = Files.writeString(
                target.resolve("whatsapp-ffffffff-20200101T000000Z.tar.zst.gpg"), "another gateway's");
        var first = backup(new Retention(1, 0, 0, 0), BackupProgress.NONE);
        var second = backup(new Retention(1, 0, 0, 0), BackupProgress.NONE);
        assertEquals(1, second.removed());
        assertFalse(
                Files.exists(first.file().path()) || Files.exists(first.file().sum()));
        assertTrue(Files.exists(second.file().path()) && Files.exists(foreign));
        BackupCheck.sum(second.file().path());
    }
}
