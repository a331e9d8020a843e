package gateway.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import io.airlift.compress.zstd.ZstdOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.process.ExitCode;
import gateway.process.ExplainedFault;
import gateway.store.SqliteSnapshot;

/** Backups that a stranger with the public key, or a newer program, has made: neither gets anything into place. */
class ForgedBackupTest {
    @TempDir
    static Path keyring;

    private static Gnupg gpg;

    @TempDir
    Path folder;

    @BeforeAll
    static void keys() throws Exception {
        gpg = new Gnupg(keyring);
        gpg.key("ops");
    }

    @AfterAll
    static void end() throws Exception {
        gpg.close();
    }

    private void refused(Path file, String part, int code) throws Exception {
        var into = folder.resolve("into");
        var keys = SecretKeys.of(keyring.resolve("ops-secret.asc"), Optional.of(gpg.passphrase()));
        var fault = assertThrows(
                ExplainedFault.class,
                () -> Restoration.into(into, file, keys, (storage, about) -> {}, BackupProgress.NONE));
        assertTrue(fault.getMessage().contains(part), fault.getMessage());
        assertEquals(code, fault.exitCode(), fault.getMessage());
        try (var left = Files.list(into)) {
            assertEquals(List.of(into.resolve(".lock")), left.toList());
        }
    }

    /** A backup with any content, as somebody with the public key could make it. */
    private Path forged(int format, int schema, Map<String, String> entries) throws Exception {
        var file = folder.resolve("forged");
        var rows = new TreeMap<String, Long>();
        var about = new Manifest(
                format,
                "9.9.9",
                "00000000",
                "host",
                Instant.EPOCH,
                List.of(new Manifest.Tables("whatsapp.db", schema, rows)));
        try (var tar = new TarOutput(
                new ZstdOutputStream(BackupRecipients.of(List.of(keyring.resolve("ops.asc")), Instant.now())
                        .sealing(new BufferedOutputStream(Files.newOutputStream(file)))))) {
            var sums = new LinkedHashMap<String, Manifest.Sum>();
            add(tar, "about.json", json(about, Map.of()));
            for (var entry : entries.entrySet()) {
                var bytes = entry.getValue().getBytes(StandardCharsets.UTF_8);
                add(tar, entry.getKey(), bytes);
                sums.put(entry.getKey(), new Manifest.Sum(bytes.length, Digested.of(new ByteArrayInputStream(bytes))));
            }
            add(tar, "manifest.json", json(about, sums));
        }
        return file;
    }

    private static byte[] json(Manifest about, Map<String, Manifest.Sum> sums) throws Exception {
        var bytes = new ByteArrayOutputStream();
        about.write(bytes, sums);
        return bytes.toByteArray();
    }

    private static void add(TarOutput tar, String name, byte[] bytes) throws Exception {
        tar.add(name, bytes.length, Instant.EPOCH, new ByteArrayInputStream(bytes));
    }

    @Test
    void aBackupOfANewerProgramIsRefusedWithItsVersion() throws Exception {
        var newer = "made by a newer program, 9.9.9";
        refused(forged(1, SqliteSnapshot.newestSchema() + 1, Map.of()), newer, ExitCode.REFUSED);
        refused(forged(2, 1, Map.of()), newer, ExitCode.REFUSED);
    }

    @Test
    void noForgedNameLeavesTheDirectory() throws Exception {
        for (var name : List.of("../escaped", "/tmp/escaped", "a/../../escaped", "media/..", "a//b", ".", "media/ü")) {
            refused(forged(1, 1, Map.of(name, "x")), "was altered", ExitCode.FAILED);
        }
        assertFalse(Files.exists(folder.resolve("escaped")));
    }

    @Test
    void aDatabaseThatIsNoneIsNotPutInPlace() throws Exception {
        refused(forged(1, 14, Map.of("whatsapp.db", "")), "was altered", ExitCode.FAILED);
    }
}
