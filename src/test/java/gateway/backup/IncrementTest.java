package gateway.backup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.digest.Sha256;
import gateway.store.SqliteSnapshot;

/** Backups of what has changed since the backup before: what they hold, and when there is a full one instead. */
class IncrementTest extends WithKeyring {
    private static final Retention ALL = new Retention(1000, 0, 0, 0);
    private static final Instant MORNING = Instant.parse("2026-11-29T03:00:00Z");
    private static final String VIDEO = "media/default/" + "a".repeat(32) + ".mp4";

    @TempDir
    Path folder;

    private LostGateway lost;
    private Path target;
    private Instant now = MORNING;
    private String recipient = "ops.asc";

    @BeforeEach
    void gateway() throws Exception {
        lost = new LostGateway(folder.resolve("storages"));
        Files.writeString(lost.storage.resolve("webhook.key"), "of an older version");
        target = Files.createDirectory(folder.resolve("target"));
    }

    private BackupRun.Done run(BackupKind kind) {
        now = now.plus(Duration.ofMinutes(10));
        return new BackupRun(lost.state(), InstantSource.fixed(now), List.of(), kind)
                .run(
                        BackupDirectory.of(target),
                        BackupRecipients.of(List.of(keyring.resolve(recipient)), Instant.now()),
                        ALL,
                        BackupProgress.NONE);
    }

    private BackupRun.Done increment() {
        return run(new BackupKind.Increment(3));
    }

    private static SecretKeys key() throws Exception {
        return SecretKeys.of(keyring.resolve("ops-secret.asc"), Optional.of(gpg.passphrase()));
    }

    private Path restored(BackupRun.Done done) throws Exception {
        var into = folder.resolve("restored from " + done.file().name());
        assertEquals(
                done.about(),
                Restoration.into(into, done.file().path(), key(), (storage, about) -> {}, BackupProgress.NONE));
        return into;
    }

    private void write(int messages) {
        for (int i = 0; i < messages; i++) {
            lost.change(
                    "INSERT INTO message (device, chat, id, sender, from_me, kind, body, content, sent_at, created_at, updated_at)"
                            + " VALUES ('default', 'a@x', ?, 'b@x', 0, 'text', 'later', '{}', 1, 1, 1)",
                    "later" + now.getEpochSecond() + "-" + i);
        }
    }

    @Test
    void anIncrementHoldsWhatHasChangedAndTheStateComesBackFromAllOfThem() throws Exception {
        var full = run(BackupKind.FULL);
        write(20);
        lost.change("DELETE FROM message WHERE id < 'id2'");
        Files.write(lost.storage.resolve(VIDEO), new byte[70_000]);
        Files.delete(lost.storage.resolve("media/default/" + LostGateway.PICTURE));
        Files.writeString(lost.storage.resolve("secrets/ledger.json"), "{\"revision\": 4}\n");
        var first = increment();
        assertEquals(Optional.empty(), first.why());
        assertTrue(first.file().isIncrement());
        assertTrue(first.file().name().contains("-20261129T031000Z-0001-20261129T032000Z."));
        assertTrue(first.bytes() < full.bytes() / 5, first.bytes() + " of " + full.bytes());
        var state = SqliteSnapshot.inspect(lost.storage.resolve("whatsapp.db"));
        write(5);
        Files.delete(lost.storage.resolve("webhook.key"));
        var second = increment();
        assertEquals(2, second.file().number());

        var into = restored(first);
        assertEquals(state, SqliteSnapshot.inspect(into.resolve("whatsapp.db")));
        assertArrayEquals(new byte[70_000], Files.readAllBytes(into.resolve(VIDEO)));
        assertFalse(Files.exists(into.resolve("media/default/" + LostGateway.PICTURE)));
        assertEquals("{\"revision\": 4}\n", Files.readString(into.resolve("secrets/ledger.json")));
        assertTrue(Files.exists(into.resolve("webhook.key")));

        into = restored(second);
        assertEquals(
                SqliteSnapshot.inspect(lost.storage.resolve("whatsapp.db")),
                SqliteSnapshot.inspect(into.resolve("whatsapp.db")));
        assertEquals(
                SqliteSnapshot.inspect(lost.storage.resolve("instances/3001/storages/whatsapp.db")),
                SqliteSnapshot.inspect(into.resolve("instances/3001/storages/whatsapp.db")));
        assertFalse(Files.exists(into.resolve("webhook.key")));
        assertArrayEquals(
                Files.readAllBytes(lost.storage.resolve("security.log")),
                Files.readAllBytes(into.resolve("security.log")));
        Drill.run(lost.storage, second.file().path(), key(), (storage, about) -> {}, BackupProgress.NONE);
        assertEquals(Set.of("id", "index"), lost.leftInPlace());
        assertEquals(3, increment().file().number(), "a drill leaves the index");
    }

    @Test
    void theSizesOfFilesThatGrowAndShrinkAreKept() throws Exception {
        var log = lost.storage.resolve("webhook.key");
        run(BackupKind.FULL);
        for (int size : new int[] {10_000, 4096, 4097, 8192, 100, 300, 0, 1}) {
            // Zeros look like the end of the last block.
            Files.write(log, new byte[size]);
            assertEquals(size, Files.size(restored(increment()).resolve("webhook.key")));
        }
    }

    @Test
    void nothingInAnIncrementOrInTheIndexIsInClear() throws Exception {
        run(BackupKind.FULL);
        lost.change("UPDATE message SET body = ? WHERE id = 'id1'", LostGateway.WORDS + "-new");
        increment();
        var files = new ArrayList<>(List.of(lost.storage.resolve("backup/index")));
        try (var all = Files.list(target)) {
            files.addAll(all.toList());
        }
        for (var file : files) {
            var bytes = new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
            assertFalse(bytes.contains(LostGateway.WORDS), file.toString());
        }
        assertEquals(
                "rw-------",
                java.nio.file.attribute.PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(lost.storage.resolve("backup/index"))));
    }

    private void full(String why) {
        var done = increment();
        assertFalse(done.file().isIncrement());
        assertEquals(Optional.of(why), done.why());
        assertTrue(increment().file().isIncrement(), "and increments follow");
    }

    @Test
    void whereAnIncrementWouldNotHelpTheBackupIsFullAndSaysWhy() throws Exception {
        full("there is no index of an earlier backup");
        now = MORNING.plus(Duration.ofDays(1)).minus(Duration.ofMinutes(11));
        assertTrue(increment().file().isIncrement(), "a minute before the new day");
        full("a new day has begun");
        now = now.minus(Duration.ofMinutes(21));
        full("the clock was set back");
        gpg.key("vault" + System.nanoTime());
        recipient = newest(keyring, "vault");
        full("the recipients are other ones");
        recipient = "ops.asc";
        full("the recipients are other ones");
        var index = lost.storage.resolve("backup/index");
        var bytes = Files.readAllBytes(index);
        bytes[bytes.length / 2] ^= 1;
        Files.write(index, bytes);
        full("there is no index of an earlier backup");
        Files.delete(increment().file().path());
        full("the backup before, or one that it needs, is not in its place");
        target = Files.createDirectory(folder.resolve("elsewhere"));
        full("the backup before, or one that it needs, is not in its place");
        // Killed behind its last step, a run has left an increment that the index does not know.
        var earlier = Files.readAllBytes(index);
        increment();
        Files.write(index, earlier);
        full("the backup before, or one that it needs, is not in its place");
    }

    @Test
    void anIndexThatLeadsElsewhereOrHasNoSenseIsNone() throws Exception {
        var last = increment().file();
        var index = lost.storage.resolve("backup/index");
        var known = BackupIndex.read(index).orElseThrow();
        var elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        for (var name : List.of(elsewhere.resolve(last.name()).toString(), "../elsewhere/" + last.name(), "\0")) {
            new BackupIndex(name, known.manifest(), known.recipients(), known.files()).write(index);
            assertEquals(
                    Optional.of("there is no index of an earlier backup"),
                    increment().why(),
                    name);
        }
        try (var none = Files.list(elsewhere)) {
            assertEquals(List.of(), none.toList());
        }
        // Of a file: a count of hashes below zero, one of more than there are, and an end in the middle of the name.
        for (var end : List.of(
                "00000001" + "000161" + "00".repeat(16) + "ffffffff",
                "00000001" + "000161" + "00".repeat(16) + "7fffffff",
                "00000001" + "0009")) {
            var bytes = HexFormat.of().parseHex("77424931" + "0001610000" + "0000" + end);
            Files.write(index, bytes);
            Files.write(index, Sha256.of(bytes), StandardOpenOption.APPEND);
            assertEquals(Optional.empty(), BackupIndex.read(index));
        }
    }

    private static String newest(Path directory, String begin) throws Exception {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(begin) && !name.contains("secret"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void theScriptOfTheDocumentsAppliesIt() throws Exception {
        var chain = new ArrayList<>(List.of(run(BackupKind.FULL)));
        write(20);
        Files.write(lost.storage.resolve(VIDEO), new byte[70_000]);
        Files.writeString(lost.storage.resolve("webhook.key"), "short");
        chain.add(increment());
        write(20);
        Files.delete(lost.storage.resolve(VIDEO));
        chain.add(increment());
        var script = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("src/site/markdown/how-to/back-up.md")));
        assertTrue(script.find());
        Files.writeString(folder.resolve("apply.py"), script.group(1));
        for (var done : chain) {
            Gnupg.shell(
                    List.of(
                            "/bin/sh",
                            "-euc",
                            "mkdir step && gpg --homedir " + gpg.home()
                                    + " --batch --quiet --pinentry-mode loopback --passphrase-file '" + gpg.passphrase()
                                    + "' --decrypt '" + done.file().path()
                                    + "' | zstd -dc | tar -x -C step && python3 apply.py step state && rm -r step"),
                    folder);
        }
        var into = restored(chain.getLast());
        Gnupg.shell(
                List.of("/usr/bin/diff", "-r", folder.resolve("state").toString(), into.toString(), "-x", ".lock"),
                folder);
        assertEquals(
                "ok\n340\n",
                Gnupg.shell(
                        List.of(
                                "/usr/bin/sqlite3",
                                "state/whatsapp.db",
                                "PRAGMA integrity_check; SELECT count(*) FROM message;"),
                        folder));
        refusedByTheScript();
    }

    /** Backups are not signed: what a manifest names may lead out of the directory, or follow another backup. */
    private void refusedByTheScript() throws Exception {
        var applied = Files.readString(folder.resolve("state.applied"));
        assertEquals(64, applied.length());
        Files.writeString(folder.resolve("victim"), "kept");
        Files.createDirectory(folder.resolve("step"));
        Files.createSymbolicLink(folder.resolve("step/link"), folder.resolve("victim"));
        Files.createSymbolicLink(folder.resolve("state/way"), folder);
        var follows = "\"follows\":{\"name\":\"n\",\"manifest\":\"" + applied + "\"}";
        for (var manifest : List.of(
                "{\"entries\":[],\"removed\":[\"../victim\"]," + follows + "}",
                "{\"entries\":[],\"removed\":[\"way/victim\"]," + follows + "}",
                "{\"entries\":[{\"name\":\"../victim\"}]," + follows + "}",
                "{\"entries\":[{\"name\":\"link\"}]," + follows + "}",
                "{\"entries\":[{\"name\":\"../victim.blocks\"}],\"patched\":[{\"name\":\"../victim\",\"size\":1}],"
                        + follows + "}",
                "{\"entries\":[],\"removed\":[\"whatsapp.db\"]," + follows.replace(applied, "0".repeat(64)) + "}",
                "{\"entries\":[],\"removed\":[\"whatsapp.db\"]}")) {
            Files.writeString(folder.resolve("step/manifest.json"), manifest);
            var told = Gnupg.shell(
                    List.of("/bin/sh", "-uc", "python3 apply.py step state 2>&1; echo \"exit $?\""), folder);
            assertTrue(told.contains("Nothing was changed.") && told.endsWith("exit 1\n"), manifest + told);
            assertEquals("kept", Files.readString(folder.resolve("victim")));
            assertTrue(Files.exists(folder.resolve("state/whatsapp.db")), manifest);
        }
    }
}
