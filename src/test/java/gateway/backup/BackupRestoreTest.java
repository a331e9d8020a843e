package gateway.backup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.audit.AuditVerifier;
import gateway.config.source.DotEnv;
import gateway.secret.KeyRing;
import gateway.secret.Sealing;
import gateway.store.Database;
import gateway.store.SqliteSnapshot;
import gateway.store.Store;

/** The whole way there and back, and what foreign programs make of the file. */
class BackupRestoreTest {
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
        gpg.key("vault");
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
        var clock = InstantSource.system();
        return new BackupRun(lost.state(), clock)
                .run(
                        BackupDirectory.of(target),
                        BackupRecipients.of(
                                List.of(keyring.resolve("ops.asc"), keyring.resolve("vault.asc")), clock.instant()),
                        ALL,
                        BackupProgress.NONE);
    }

    private static SecretKeys key(String name) throws Exception {
        return SecretKeys.of(keyring.resolve(name + "-secret.asc"), Optional.of(gpg.passphrase()));
    }

    @Test
    void everythingComesBackOnAnotherMachineByTheKeyAlone() throws Exception {
        var done = backup();
        var settled = new ArrayList<String>();
        var into = folder.resolve("new machine");
        var about = Restoration.into(
                into,
                done.file().path(),
                key("vault"),
                (storage, manifest) -> settled.add(storage.toString()),
                BackupProgress.NONE);
        assertEquals(done.about(), about);
        assertEquals(2, settled.size(), "the gateway's own and the instance's");
        assertArrayEquals(
                Files.readAllBytes(lost.storage.resolve("media/default/" + LostGateway.PICTURE)),
                Files.readAllBytes(into.resolve("media/default/" + LostGateway.PICTURE)));
        for (var name : List.of(
                "secrets/encryption.key",
                "secrets/ledger.json",
                "audit/audit.state",
                "security.log",
                "backup/id",
                "audit.checkpoints",
                "instances/3001/.env",
                "instances/3001/storages/secrets/encryption.key")) {
            assertArrayEquals(
                    Files.readAllBytes(lost.storage.resolve(name)), Files.readAllBytes(into.resolve(name)), name);
        }
        for (var storage : List.of("", "instances/3001/storages")) {
            assertEquals(
                    SqliteSnapshot.inspect(lost.storage.resolve(storage).resolve("whatsapp.db")),
                    SqliteSnapshot.inspect(into.resolve(storage).resolve("whatsapp.db")));
        }
        try (var store = Store.open(new Database.Sqlite(into.resolve("whatsapp.db")))) {
            var sealing = new Sealing(
                    store,
                    KeyRing.file(into.resolve("secrets/encryption.key")),
                    into.resolve("none"),
                    InstantSource.system());
            assertEquals("x", sealing.open("row", sealing.seal("row", "x")));
        }
        assertEquals(
                Optional.empty(),
                new AuditVerifier(into.resolve("audit/audit.seed"), into.resolve("audit/audit.pub"))
                        .verify(
                                List.of(into.resolve("security.log")),
                                List.of(into.resolve("audit.checkpoints")),
                                List.of(),
                                Optional.empty())
                        .problem());
        assertFalse(Files.exists(into.resolve(".restoring")) || Files.exists(into.resolve("media/.incoming")));
        try (var all = Files.walk(into)) {
            for (var path : all.toList()) {
                assertEquals(
                        Files.isDirectory(path) ? "rwx------" : "rw-------",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(path)),
                        path.toString());
            }
        }
    }

    @Test
    void theSettingsComeBackInTheFormOfDotEnv() throws Exception {
        var into = folder.resolve("new");
        Restoration.into(into, backup().file().path(), key("ops"), (storage, about) -> {}, BackupProgress.NONE);
        var home = Files.createDirectory(folder.resolve("home"));
        Files.copy(into.resolve(GatewayState.SETTINGS), home.resolve(".env"));
        var read = DotEnv.read(home, System.getProperty("user.name"));
        assertEquals(List.of(), read.errors());
        assertTrue(Files.readString(home.resolve(".env"))
                .contains("APP_BASIC_AUTH=\"admin:it's \\\"quoted\\\",second:line\""));
    }

    @Test
    void gpgZstdTarAndSqliteOpenIt() throws Exception {
        var done = backup();
        var out = Files.createDirectory(folder.resolve("by hand"));
        Gnupg.shell(
                List.of(
                        "/bin/sh",
                        "-euc",
                        "gpg --homedir " + gpg.home() + " --batch --quiet --pinentry-mode loopback --passphrase-file '"
                                + gpg.passphrase() + "' --decrypt '"
                                + done.file().path() + "' | zstd -dc | tar -x && test -s manifest.json"),
                out);
        assertEquals(
                "ok\n300\n",
                Gnupg.shell(
                        List.of(
                                "/usr/bin/sqlite3",
                                "whatsapp.db",
                                "PRAGMA integrity_check; SELECT count(*) FROM message;"),
                        out));
        Gnupg.shell(
                List.of(
                        "/usr/bin/sha256sum",
                        "--check",
                        "--strict",
                        done.file().sum().toString()),
                target);
        var manifest = Manifest.read(Files.newInputStream(out.resolve("manifest.json")));
        assertEquals(done.entries(), manifest.sums().entries().size());
        for (var entry : manifest.sums().entries().entrySet()) {
            try (var in = Files.newInputStream(out.resolve(entry.getKey()))) {
                assertEquals(entry.getValue().sha256(), Digested.of(in), entry.getKey());
            }
        }
        assertEquals(300, manifest.manifest().databases().getFirst().rows().get("message"));
    }

    @Test
    void itIsOneConsistentStateWhileTheGatewayWrites() throws Exception {
        var stop = new AtomicBoolean();
        var written = new java.util.concurrent.atomic.AtomicLong();
        try (var store = Store.open(new Database.Sqlite(lost.storage.resolve("whatsapp.db")))) {
            var writer = Thread.ofVirtual().start(() -> {
                while (!stop.get()) {
                    var id = "new" + written.incrementAndGet();
                    store.write(tx -> tx.insert(
                            "INSERT INTO message (device, chat, id, sender, from_me, kind, content, sent_at, created_at, updated_at)"
                                    + " VALUES ('default', 'a@x', ?, 'b@x', 0, 'text', '{}', 1, 1, 1)",
                            id));
                }
            });
            var done = backup();
            stop.set(true);
            writer.join();
            var into = folder.resolve("new");
            Restoration.into(into, done.file().path(), key("ops"), (storage, about) -> {}, BackupProgress.NONE);
            try (var back = Store.open(new Database.Sqlite(into.resolve("whatsapp.db")))) {
                // The chat's own count is kept by a trigger: the two agree in any one state.
                assertEquals(
                        back.number("SELECT count(*) FROM message"), back.number("SELECT sum(messages) FROM chat"));
            }
        }
    }

    @Test
    void noClearByteIsOutsideTheStorageDirectoryAndNoneIsLeftInside() throws Exception {
        backup();
        var clear = LostGateway.WORDS.getBytes(StandardCharsets.UTF_8);
        try (var files = Files.walk(target)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                assertFalse(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                        .contains(new String(clear, StandardCharsets.ISO_8859_1)));
            }
        }
        assertEquals(Set.of("id", "index"), lost.leftInPlace());
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(lost.storage.resolve("backup"))));
    }

    @Test
    void theDrillFindsEverythingAndLeavesNothing() throws Exception {
        var done = backup();
        assertEquals(
                done.about(),
                Drill.run(lost.storage, done.file().path(), key("ops"), (storage, about) -> {}, BackupProgress.NONE));
        assertEquals(Set.of("id", "index"), lost.leftInPlace());
    }

    @Test
    void aClockThatJumpsRemovesNoBackup() throws Exception {
        var few = new Retention(1, 1, 1, 1);
        var ops = BackupRecipients.of(List.of(keyring.resolve("ops.asc")), Instant.now());
        var ahead = new BackupRun(lost.state(), InstantSource.fixed(Instant.parse("2099-01-01T00:00:00Z")))
                .run(BackupDirectory.of(target), ops, few, BackupProgress.NONE);
        var back = new BackupRun(lost.state(), InstantSource.system())
                .run(BackupDirectory.of(target), ops, few, BackupProgress.NONE);
        assertTrue(Files.exists(back.file().path()), "the one that was just made stays, whatever its time says");
        assertTrue(Files.exists(ahead.file().path()));
    }
}
