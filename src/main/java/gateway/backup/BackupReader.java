package gateway.backup;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;

import io.airlift.compress.zstd.ZstdInputStream;
import org.bouncycastle.openpgp.PGPCompressedData;
import org.bouncycastle.openpgp.PGPEncryptedDataList;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPLiteralData;
import org.bouncycastle.openpgp.PGPPublicKeyEncryptedData;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;
import org.bouncycastle.openpgp.operator.PublicKeyDataDecryptorFactory;

import gateway.digest.Sha256;
import gateway.process.DiskTrouble;
import gateway.process.ExplainedFault;
import gateway.store.SqliteSnapshot;

/** Reads a backup from its beginning to its end, and believes none of it before the end. */
final class BackupReader {
    private static final int MAX_ABOUT = 1 << 20;
    /** More than an increment needs that names 200,000 files which were removed. */
    private static final long MAX_CHANGES = 64 << 20;
    /** More than the manifest has for one entry: a name of 256 characters, a size and a SHA-256. */
    private static final int MAX_ENTRY = 512;

    private final Path file;
    private final SecretKeys keys;
    private final BackupProgress progress;
    private String place = "its first entry";
    private final Disk disk;

    /** Where the entries go. What it throws as {@link UncheckedIOException} is a failure of its own disk. */
    interface Sink {
        /** Told first. @throws ExplainedFault when this backup is not wanted */
        void about(Manifest about);

        /** The stream that takes an entry; it is closed behind the last byte. */
        OutputStream entry(String name, long size);
    }

    /**
     * A backup that was read to its end.
     *
     * @param hash the SHA-256 of its {@code manifest.json}
     */
    record Content(Manifest.Read last, String hash) {}

    private BackupReader(Path file, SecretKeys keys, BackupProgress progress, Disk disk) {
        this.file = file;
        this.keys = keys;
        this.progress = progress;
        this.disk = disk;
    }

    /**
     * Reads the whole file, and compares each entry with the manifest.
     *
     * @throws ExplainedFault when none of the keys opens it, or it is of a newer version
     * @throws AlteredBackup when it is cut short or altered; what the sink has got is to be thrown away
     */
    static Content read(Path file, SecretKeys keys, Sink sink, BackupProgress progress) {
        try (var disk = new Disk(file)) {
            return new BackupReader(file, keys, progress, disk).read(sink);
        } catch (IOException e) {
            throw DiskTrouble.fault("The backup " + file + " cannot be read", e, file);
        }
    }

    private Content read(Sink sink) {
        try {
            return opened(sink);
        } catch (ExplainedFault e) {
            throw e;
        } catch (UncheckedIOException e) {
            throw DiskTrouble.fault("The backup's content cannot be written", new IOException(e), file);
        } catch (IOException | PGPException | RuntimeException e) {
            // The libraries for OpenPGP and zstd answer damage with exceptions of many kinds.
            throw disk.isOver()
                    ? new AlteredBackup(
                            "The backup " + file + " is cut short: it ends in " + place + ", or soon after it.", e)
                    : new AlteredBackup(
                            "The backup " + file + " was altered: " + place
                                    + ", or one beside it, is not what was written.",
                            e);
        }
    }

    private Content opened(Sink sink) throws IOException, PGPException {
        var objects = new BcPGPObjectFactory(PGPUtil.getDecoderStream(disk));
        var first = objects.nextObject();
        if (!((first instanceof PGPEncryptedDataList ? first : objects.nextObject())
                instanceof PGPEncryptedDataList all)) {
            throw new ExplainedFault("The file " + file + " is not a backup: it is not encrypted by OpenPGP.");
        }
        for (var one : all) {
            if (one instanceof PGPPublicKeyEncryptedData data && data.isIntegrityProtected()) {
                var key = keys.opening(data.getKeyIdentifier().getKeyId());
                if (key.isPresent()) {
                    return decrypted(data, key.get(), sink);
                }
            }
        }
        throw new ExplainedFault(
                "The backup " + file + " is for other keys: " + keys.file() + " holds none that opens it.");
    }

    private Content decrypted(PGPPublicKeyEncryptedData data, PublicKeyDataDecryptorFactory key, Sink sink)
            throws IOException, PGPException {
        var stream = data.getDataStream(key);
        var object = new BcPGPObjectFactory(stream).nextObject();
        // Once only: compressed data can be made that holds itself, without end.
        if (object instanceof PGPCompressedData compressed) {
            object = new BcPGPObjectFactory(compressed.getDataStream()).nextObject();
        }
        if (!(object instanceof PGPLiteralData literal)) {
            throw new IOException("nothing in it");
        }
        var clear = literal.getInputStream();
        var content = walked(new TarInput(new BufferedInputStream(new ZstdInputStream(clear), 1 << 16)), sink);
        place = "its end";
        clear.transferTo(OutputStream.nullOutputStream());
        stream.transferTo(OutputStream.nullOutputStream());
        if (!data.verify()) {
            throw new AlteredBackup("The backup " + file + " was altered: its digest is another one.");
        }
        return content;
    }

    private Content walked(TarInput tar, Sink sink) throws IOException {
        var about = about(tar);
        sink.about(about);
        var found = new HashMap<String, Manifest.Sum>();
        long done = 0;
        for (var next = tar.next(); next.isPresent(); next = tar.next()) {
            var name = next.get().name();
            place = "the entry " + name;
            if (name.equals(Manifest.LAST)) {
                var last = last(tar, next.get().size(), maximum(about, found.size()));
                compare(about, last.last(), found);
                if (tar.next().isPresent()) {
                    throw new AlteredBackup(
                            "The backup " + file + " was altered: there are entries behind its manifest.");
                }
                return last;
            }
            var patched = about.follows().isPresent() ? GatewayState.patched(name) : Optional.<String>empty();
            if (!GatewayState.isFile(name) && patched.isEmpty()) {
                throw new AlteredBackup("The backup " + file + " was altered: no backup has an entry " + name + ".");
            }
            if (GatewayState.isDatabase(patched.orElse(name))
                    && about.databases().stream()
                            .noneMatch(database -> database.entry().equals(patched.orElse(name)))) {
                throw new AlteredBackup(
                        "The backup " + file + " was altered: " + Manifest.ABOUT + " does not name " + name + ".");
            }
            if (found.containsKey(name)) {
                throw new AlteredBackup("The backup " + file + " was altered: " + place + " is there twice.");
            }
            try (var out = new Digested(sink.entry(name, next.get().size()))) {
                tar.copy(next.get().size(), out);
                done += next.get().size();
                found.put(name, new Manifest.Sum(out.bytes(), out.hash()));
            }
            progress.at(done, 0);
            place = "what follows the entry " + name;
        }
        throw new AlteredBackup("The backup " + file + " was altered: it has no manifest.");
    }

    private Manifest about(TarInput tar) throws IOException {
        var first = tar.next()
                .filter(header -> header.name().equals(Manifest.ABOUT) && header.size() <= MAX_ABOUT)
                .orElseThrow(() -> new ExplainedFault("The file " + file + " is not a backup of this program."));
        var bytes = new ByteArrayOutputStream();
        tar.copy(first.size(), bytes);
        var about = Manifest.read(new ByteArrayInputStream(bytes.toByteArray())).manifest();
        int schema = about.databases().stream()
                .mapToInt(Manifest.Tables::schema)
                .max()
                .orElse(0);
        if (about.format() > Manifest.INCREMENT || schema > SqliteSnapshot.newestSchema()) {
            throw new ExplainedFault(
                    "The backup " + file + " was made by a newer program, " + about.gateway() + " (schema " + schema
                            + ", this one knows " + SqliteSnapshot.newestSchema() + "). Install that version first.");
        }
        return about;
    }

    /** The greatest size of a manifest. An increment has lists of changed and of removed files as well. */
    private static long maximum(Manifest about, int entries) {
        return (about.follows().isPresent() ? MAX_CHANGES : MAX_ABOUT) + (long) MAX_ENTRY * entries;
    }

    private static Content last(TarInput tar, long size, long max) throws IOException {
        if (size > Math.min(max, Integer.MAX_VALUE)) {
            throw new IOException("the manifest is longer than the entries need");
        }
        var bytes = new ByteArrayOutputStream();
        tar.copy(size, bytes);
        return new Content(
                Manifest.read(new ByteArrayInputStream(bytes.toByteArray())), Sha256.hex(bytes.toByteArray()));
    }

    private void compare(Manifest about, Manifest.Read last, Map<String, Manifest.Sum> found) {
        var blocks = new HashSet<String>();
        found.keySet().forEach(name -> GatewayState.patched(name).ifPresent(blocks::add));
        if (!blocks.equals(last.sums().patched().keySet())) {
            throw new AlteredBackup("The backup " + file + " was altered: its blocks are of other files than it says.");
        }
        for (var expected : last.sums().entries().entrySet()) {
            var there = Optional.ofNullable(found.remove(expected.getKey()));
            if (!there.equals(Optional.of(expected.getValue()))) {
                throw new AlteredBackup("The backup " + file + " was altered: the entry " + expected.getKey()
                        + (there.isEmpty() ? " is missing." : " is not what was written."));
            }
        }
        if (!found.isEmpty() || !about.equals(last.manifest())) {
            throw new AlteredBackup("The backup " + file + " was altered: "
                    + (found.isEmpty()
                            ? Manifest.ABOUT
                            : found.keySet().iterator().next()) + " does not belong to it.");
        }
    }

    /** The file itself: its failures are no damage of the backup, and its end is known. */
    private static final class Disk extends FilterInputStream {
        private final Path file;
        private boolean over;

        Disk(Path file) throws IOException {
            super(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
            this.file = file;
        }

        boolean isOver() {
            return over;
        }

        @Override
        public int read() {
            try {
                return noted(in.read());
            } catch (IOException e) {
                throw failed(e);
            }
        }

        @Override
        public int read(byte[] into, int at, int length) {
            try {
                return noted(in.read(into, at, length));
            } catch (IOException e) {
                throw failed(e);
            }
        }

        private int noted(int read) {
            over |= read < 0;
            return read;
        }

        private ExplainedFault failed(IOException e) {
            return DiskTrouble.fault("The backup " + file + " cannot be read", e, file);
        }
    }

    /** Takes nothing; for a check. */
    static final Sink NOWHERE = new Sink() {
        @Override
        public void about(Manifest about) {
            // Every version is good enough for a check.
        }

        @Override
        public OutputStream entry(String name, long size) {
            return OutputStream.nullOutputStream();
        }
    };
}
