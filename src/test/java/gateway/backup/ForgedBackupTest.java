package gateway.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import io.airlift.compress.zstd.ZstdOutputStream;
import org.bouncycastle.bcpg.CompressionAlgorithmTags;
import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.openpgp.PGPCompressedDataGenerator;
import org.bouncycastle.openpgp.PGPEncryptedDataGenerator;
import org.bouncycastle.openpgp.PGPLiteralData;
import org.bouncycastle.openpgp.PGPLiteralDataGenerator;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.bc.BcPGPPublicKeyRing;
import org.bouncycastle.openpgp.operator.bc.BcPGPDataEncryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPublicKeyKeyEncryptionMethodGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.process.ExitCode;
import gateway.process.ExplainedFault;
import gateway.store.SqliteSnapshot;

/** Backups that a stranger with the public key, or a newer program, has made: neither gets anything into place. */
class ForgedBackupTest extends WithKeyring {
    @TempDir
    Path folder;

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
        return forged(about(format, schema, "00000000", "host"), entries);
    }

    private Path forged(Manifest about, Map<String, String> entries) throws Exception {
        return forged(tar -> {
            var sums = new LinkedHashMap<String, Manifest.Sum>();
            add(tar, "about.json", json(about, Map.of()));
            for (var entry : entries.entrySet()) {
                var bytes = entry.getValue().getBytes(StandardCharsets.UTF_8);
                add(tar, entry.getKey(), bytes);
                sums.put(entry.getKey(), new Manifest.Sum(bytes.length, Digested.of(new ByteArrayInputStream(bytes))));
            }
            add(tar, "manifest.json", json(about, sums));
        });
    }

    private Path forged(Content content) throws Exception {
        var file = folder.resolve("forged");
        try (var tar = new TarOutput(new ZstdOutputStream(sealing(file)))) {
            content.put(tar);
        }
        return file;
    }

    private interface Content {
        void put(TarOutput tar) throws Exception;
    }

    static OutputStream sealing(Path file) throws Exception {
        return BackupRecipients.of(List.of(keyring.resolve("ops.asc")), Instant.now())
                .sealing(new BufferedOutputStream(Files.newOutputStream(file)));
    }

    private static Manifest about(int format, int schema, String id, String host) {
        return new Manifest(
                format,
                "9.9.9",
                id,
                host,
                Instant.EPOCH,
                List.of(new Manifest.Tables("whatsapp.db", schema, new TreeMap<>())),
                Optional.empty());
    }

    private static byte[] json(Manifest about, Map<String, Manifest.Sum> sums) throws Exception {
        var bytes = new ByteArrayOutputStream();
        about.write(bytes, Manifest.Sums.of(sums));
        return bytes.toByteArray();
    }

    static void add(TarOutput tar, String name, byte[] bytes) throws Exception {
        tar.add(name, bytes.length, Instant.EPOCH, new ByteArrayInputStream(bytes));
    }

    @Test
    void aBackupOfANewerProgramIsRefusedWithItsVersion() throws Exception {
        var newer = "made by a newer program, 9.9.9";
        refused(forged(1, SqliteSnapshot.newestSchema() + 1, Map.of()), newer, ExitCode.REFUSED);
        refused(forged(3, 1, Map.of()), newer, ExitCode.REFUSED);
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

    @Test
    void noTextOfAForgedManifestReachesAMetricOrTheTerminal() throws Exception {
        for (var id : List.of("../../x", "0", "00000000\n", "x\"} 1\nother_metric 1", "")) {
            refused(forged(about(1, 1, id, "host"), Map.of()), "was altered", ExitCode.FAILED);
        }
        for (var host : List.of("\u001b[31mred", "one\ntwo", "\u0007", "\u202eright to left", "x".repeat(400))) {
            refused(forged(about(1, 1, "00000000", host), Map.of()), "was altered", ExitCode.FAILED);
        }
        var named = forged(tar -> {
            add(tar, "about.json", json(about(1, 1, "00000000", "host"), Map.of()));
            add(
                    tar,
                    "manifest.json",
                    json(about(1, 1, "00000000", "host"), Map.of("\u001b[31m\nerror: ", new Manifest.Sum(1, ""))));
        });
        refused(named, "the entry manifest.json, or one beside it, is not what was written.", ExitCode.FAILED);
    }

    @Test
    void aFileThatNoBackupHasIsNotUnpacked() throws Exception {
        for (var name : List.of(
                "whatsapp.db-journal",
                "whatsapp.db-wal",
                "whatsapp.db.blocks",
                ".lock",
                ".restoring/x",
                ".env",
                "secrets/other",
                "media/.incoming/x",
                "media/x",
                "instances/1/.env",
                "instances/3001/storages/whatsapp.db-journal")) {
            refused(forged(1, 1, Map.of(name, "x")), "no backup has an entry " + name, ExitCode.FAILED);
        }
    }

    @Test
    void aDatabaseThatTheBackupDoesNotNameIsNotUnpacked() throws Exception {
        // Its accounts would not be held.
        refused(
                forged(1, 1, Map.of("instances/3001/storages/whatsapp.db", "x")),
                "about.json does not name instances/3001/storages/whatsapp.db",
                ExitCode.FAILED);
    }

    @Test
    void anEntryThatIsThereTwiceIsRefusedAsAltered() throws Exception {
        refused(
                forged(tar -> {
                    add(tar, "about.json", json(about(1, 1, "00000000", "host"), Map.of()));
                    add(tar, "webhook.key", new byte[1]);
                    add(tar, "webhook.key", new byte[1]);
                }),
                "the entry webhook.key is there twice",
                ExitCode.FAILED);
    }

    @Test
    void aManifestIsNotReadIntoMemoryBeyondWhatItsEntriesNeed() throws Exception {
        var manifest = json(about(1, 1, "00000000", "host"), Map.of());
        refused(
                forged(tar -> {
                    add(tar, "about.json", manifest);
                    var spaces = new byte[(1 << 20) + 1];
                    Arrays.fill(spaces, (byte) ' ');
                    System.arraycopy(manifest, 0, spaces, 0, manifest.length);
                    add(tar, "manifest.json", spaces);
                }),
                "the entry manifest.json, or one beside it, is not what was written.",
                ExitCode.FAILED);
    }

    @Test
    void compressedDataInCompressedDataIsNotFollowed() throws Exception {
        var file = folder.resolve("forged");
        var inner = new ByteArrayOutputStream();
        try (var tar = new TarOutput(new ZstdOutputStream(inner))) {
            add(tar, "about.json", json(about(3, 1, "00000000", "host"), Map.of()));
        }
        var packet = new ByteArrayOutputStream();
        var literal = new PGPLiteralDataGenerator();
        try (var out = literal.open(packet, PGPLiteralData.BINARY, "x", inner.size(), new Date())) {
            out.write(inner.toByteArray());
        }
        refused(encrypted(file, compressed(packet.toByteArray())), "made by a newer program", ExitCode.REFUSED);
        refused(encrypted(file, compressed(compressed(packet.toByteArray()))), "was altered", ExitCode.FAILED);
    }

    private static byte[] compressed(byte[] packet) throws Exception {
        var bytes = new ByteArrayOutputStream();
        var generator = new PGPCompressedDataGenerator(CompressionAlgorithmTags.ZIP);
        try (var out = generator.open(bytes)) {
            out.write(packet);
        }
        generator.close();
        return bytes.toByteArray();
    }

    private static Path encrypted(Path file, byte[] packet) throws Exception {
        var generator = new PGPEncryptedDataGenerator(
                new BcPGPDataEncryptorBuilder(SymmetricKeyAlgorithmTags.AES_256).setWithIntegrityPacket(true));
        try (var ring = PGPUtil.getDecoderStream(Files.newInputStream(keyring.resolve("ops.asc")))) {
            for (var key : new BcPGPPublicKeyRing(ring)) {
                if (key.isEncryptionKey()) {
                    generator.addMethod(new BcPublicKeyKeyEncryptionMethodGenerator(key));
                }
            }
        }
        try (var out = Files.newOutputStream(file);
                var sealed = generator.open(out, new byte[1 << 12])) {
            sealed.write(packet);
        }
        return file;
    }
}
