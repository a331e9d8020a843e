package gateway.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.airlift.compress.zstd.ZstdOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Increments that somebody with the public key has put behind a full backup: none gets anything into place. */
class ForgedIncrementTest extends WithKeyring {
    private static final Instant TIME = Instant.parse("2026-11-29T03:00:00Z");
    private static final String LEDGER = "secrets/ledger.json";

    @TempDir
    Path folder;

    private LostGateway lost;
    private BackupFile full;
    private BackupReader.Content content;

    @BeforeEach
    void fullBackup() throws Exception {
        lost = new LostGateway(folder.resolve("storages"));
        full = new BackupRun(lost.state(), InstantSource.fixed(TIME))
                .run(
                        BackupDirectory.of(Files.createDirectory(folder.resolve("target"))),
                        BackupRecipients.of(List.of(keyring.resolve("ops.asc")), Instant.now()),
                        new Retention(9, 0, 0, 0),
                        BackupProgress.NONE)
                .file();
        content = BackupReader.read(full.path(), key(), BackupReader.NOWHERE, BackupProgress.NONE);
    }

    private static SecretKeys key() throws Exception {
        return SecretKeys.of(keyring.resolve("ops-secret.asc"), Optional.of(gpg.passphrase()));
    }

    private List<Manifest.Tables> databases() {
        return content.last().manifest().databases();
    }

    private void refused(String part, List<Manifest.Tables> databases, Map<String, byte[]> entries, Manifest.Sums sums)
            throws Exception {
        var made = content.last().manifest();
        var about = new Manifest(
                Manifest.INCREMENT,
                made.gateway(),
                made.id(),
                made.host(),
                TIME.plusSeconds(600),
                databases,
                Optional.of(new Manifest.Follows(full.name(), content.hash())));
        var all = new LinkedHashMap<String, Manifest.Sum>();
        var file = full.next(about.time()).path();
        try (var tar = new TarOutput(new ZstdOutputStream(ForgedBackupTest.sealing(file)))) {
            ForgedBackupTest.add(tar, Manifest.ABOUT, json(about, Manifest.Sums.NONE));
            for (var entry : entries.entrySet()) {
                ForgedBackupTest.add(tar, entry.getKey(), entry.getValue());
                all.put(entry.getKey(), sum(entry.getValue()));
            }
            ForgedBackupTest.add(
                    tar, Manifest.LAST, json(about, new Manifest.Sums(all, sums.patched(), sums.removed())));
        }
        var into = folder.resolve("into");
        var fault = assertThrows(
                AlteredBackup.class,
                () -> Restoration.into(into, file, key(), (storage, manifest) -> {}, BackupProgress.NONE));
        assertTrue(fault.getMessage().contains(part), fault.getMessage());
        assertTrue(fault.getMessage().endsWith("can be restored: --at " + TIME + "."), fault.getMessage());
        try (var left = Files.list(into)) {
            assertEquals(List.of(into.resolve(".lock")), left.toList());
        }
    }

    private static byte[] json(Manifest about, Manifest.Sums sums) throws Exception {
        var bytes = new ByteArrayOutputStream();
        about.write(bytes, sums);
        return bytes.toByteArray();
    }

    private static Manifest.Sum sum(byte[] bytes) throws Exception {
        return new Manifest.Sum(bytes.length, Digested.of(new ByteArrayInputStream(bytes)));
    }

    private static Manifest.Sums patched(Manifest.Sum ledger) {
        return new Manifest.Sums(Map.of(), Map.of(LEDGER, ledger), Set.of());
    }

    @Test
    void aDatabaseOfTheBackupBeforeThatTheIncrementDoesNotNameIsNotPutInPlace() throws Exception {
        // Its accounts would not be held.
        assertEquals(2, databases().size());
        refused(
                "does not name instances/3001/storages/whatsapp.db",
                databases().subList(0, 1),
                Map.of(),
                Manifest.Sums.NONE);
    }

    @Test
    void aFileOfLessThanNoBytesIsRefusedAsAltered() throws Exception {
        refused(
                "the entry manifest.json",
                databases(),
                Map.of(LEDGER + ".blocks", new byte[0]),
                patched(new Manifest.Sum(-1, "")));
    }

    @Test
    void aBlockBehindTheEndOfItsFileOrAPartOfOneIsRefused() throws Exception {
        var ledger = Files.readAllBytes(lost.storage.resolve(LEDGER));
        var block = ByteBuffer.allocate(BlockHashes.RECORD).putInt(5).array();
        // The file has a hole then: terabytes of zeros would be read to compare them.
        refused(
                "it has a block behind the end of " + LEDGER,
                databases(),
                Map.of(LEDGER + ".blocks", block),
                patched(sum(Arrays.copyOf(ledger, 6 * BlockHashes.BLOCK))));
        refused(
                "it has a part of a block of " + LEDGER,
                databases(),
                Map.of(LEDGER + ".blocks", new byte[10]),
                patched(sum(ledger)));
    }
}
