package gateway.backup;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import gateway.process.DiskTrouble;
import gateway.process.ExplainedFault;

/** The files of a backup on their way into a private directory; each increment changes what is there. */
final class Unpacking implements BackupChain.Taker, BackupReader.Sink {
    private final Path staged;
    private final Restoration.Settling settling;
    private final Map<String, Manifest.Sum> patched = new HashMap<>();
    private final Set<String> databases = new TreeSet<>();
    private Optional<Manifest> link = Optional.empty();

    Unpacking(Path staged, Restoration.Settling settling) {
        this.staged = staged;
        this.settling = settling;
    }

    @Override
    public BackupReader.Sink sink() {
        return this;
    }

    @Override
    public void about(Manifest about) {
        link = Optional.of(about);
        if (about.databases().stream().noneMatch(database -> database.entry().equals(GatewayState.DATABASE))) {
            throw new ExplainedFault("The backup has no " + GatewayState.DATABASE + ": this program did not write it.");
        }
    }

    @Override
    public OutputStream entry(String name, long size) {
        var file = GatewayState.patched(name);
        if (!settling.wants(file.orElse(name))) {
            return OutputStream.nullOutputStream();
        }
        try {
            return file.isPresent() ? new Blocks(file.get(), existing(file.get())) : created(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private FileChannel existing(String name) throws IOException {
        if (!Files.isRegularFile(staged.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
            throw altered("it has blocks of " + name + ", which is in no backup before it.");
        }
        return FileChannel.open(staged.resolve(name), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }

    private OutputStream created(String name) throws IOException {
        var path = staged;
        for (var part : Optional.ofNullable(Path.of(name).getParent())
                .<Iterable<Path>>map(parents -> parents)
                .orElse(Set.of())) {
            path = path.resolve(part);
            directory(path);
        }
        if (link.flatMap(Manifest::follows).isPresent()) {
            Files.deleteIfExists(staged.resolve(name));
            patched.remove(name);
        }
        if (GatewayState.isDatabase(name)) {
            databases.add(name);
        }
        return new Reporting(Channels.newOutputStream(FileChannel.open(
                staged.resolve(name),
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))));
    }

    static void directory(Path path) throws IOException {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    @Override
    public void good(Manifest.Sums sums) {
        try {
            for (var name : sums.removed()) {
                Files.deleteIfExists(staged.resolve(name));
                patched.remove(name);
                databases.remove(name);
            }
            refuseUnnamed();
            for (var file : sums.patched().entrySet()) {
                if (settling.wants(file.getKey())) {
                    try (var channel = existing(file.getKey())) {
                        resize(channel, file.getValue().size());
                    }
                    patched.put(file.getKey(), file.getValue());
                }
            }
        } catch (IOException e) {
            throw DiskTrouble.fault("The backup's content cannot be written", e, staged);
        }
    }

    /** Nobody would hold the accounts of a database that is still there and that the newest backup does not name. */
    private void refuseUnnamed() {
        var named = link.orElseThrow().databases().stream()
                .map(Manifest.Tables::entry)
                .toList();
        for (var name : databases) {
            if (!named.contains(name)) {
                throw altered(Manifest.ABOUT + " does not name " + name + ", which is in a backup before it.");
            }
        }
    }

    private AlteredBackup altered(String what) {
        return new AlteredBackup("The backup of " + link.orElseThrow().time() + " was altered: " + what);
    }

    /** Ends a file where it ended. The zeros that fill its last block may be a part of it now. */
    private static void resize(FileChannel file, long size) throws IOException {
        long more = size - file.size();
        if (more > 0 && more < BlockHashes.BLOCK) {
            file.write(ByteBuffer.wrap(new byte[(int) more]), file.size());
        } else {
            file.truncate(size);
        }
    }

    /**
     * Compares the files that increments have changed with what the increments say of them.
     *
     * @throws AlteredBackup when one is something else
     */
    void compare(Path backup) throws IOException {
        for (var file : patched.entrySet()) {
            try (var in = Files.newInputStream(staged.resolve(file.getKey()))) {
                var digested = new Digested(OutputStream.nullOutputStream());
                in.transferTo(digested);
                if (!new Manifest.Sum(digested.bytes(), digested.hash()).equals(file.getValue())) {
                    throw new AlteredBackup("The backup " + backup + " was altered: the blocks of " + file.getKey()
                            + " do not make the file that it tells of.");
                }
            }
        }
    }

    /** A file whose blocks are replaced by the records of {@link BlockHashes}. */
    private final class Blocks extends OutputStream {
        private final String name;
        private final FileChannel file;
        private final ByteBuffer record = ByteBuffer.allocate(BlockHashes.RECORD);

        Blocks(String name, FileChannel file) {
            this.name = name;
            this.file = file;
        }

        @Override
        public void write(int one) {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] from, int at, int length) {
            int done = 0;
            while (done < length) {
                int part = Math.min(record.remaining(), length - done);
                record.put(from, at + done, part);
                done += part;
                if (!record.hasRemaining()) {
                    replace();
                }
            }
        }

        private void replace() {
            record.flip();
            long place = Integer.toUnsignedLong(record.getInt()) * BlockHashes.BLOCK;
            try {
                // A hole would let a few bytes make a file of terabytes.
                if (place > Math.ceilDiv(file.size(), BlockHashes.BLOCK) * BlockHashes.BLOCK) {
                    throw altered("it has a block behind the end of " + name + ".");
                }
                while (record.hasRemaining()) {
                    place += file.write(record, place);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            record.clear();
        }

        @Override
        public void close() {
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (record.position() > 0) {
                throw altered("it has a part of a block of " + name + ".");
            }
        }
    }

    /** A file whose failures are its own, and not the backup's. */
    private static final class Reporting extends OutputStream {
        private final OutputStream file;

        Reporting(OutputStream file) {
            this.file = new BufferedOutputStream(file, 1 << 16);
        }

        @Override
        public void write(int one) {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] from, int at, int length) {
            try {
                file.write(from, at, length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
