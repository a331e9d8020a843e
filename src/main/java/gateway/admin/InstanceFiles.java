package gateway.admin;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import gateway.secret.SealedSettings;

/**
 * The instances on disk: a directory for each, named by its port. There is an instance when there is its {@code .env},
 * which has its secrets sealed; what else lies there (storage, logs) is the instance's own. Nothing that an instance
 * has stored is ever deleted: what belonged to a removed one moves to {@code removed/}, so that the next one on its
 * port begins empty.
 */
public final class InstanceFiles {
    private static final String SETTINGS = ".env";
    private static final String NEXT = ".env.next";
    private static final String IDEMPOTENCY = ".idempotency";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final String REWRAPPED = ".env.rewrapped";
    private static final Set<OpenOption> LOCK =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");
    private static final String UNFINISHED = ".new-";
    private static final String PORT = "[1-9][0-9]{3,4}";

    private final Path root;
    private final SealedSettings sealing;
    private final InstantSource clock;
    private final EnvFile.Disk disk;

    /** @param root exists, for this user only */
    public InstanceFiles(Path root, SealedSettings sealing, InstantSource clock) {
        this(root, sealing, clock, EnvFile.Disk.REAL);
    }

    InstanceFiles(Path root, SealedSettings sealing, InstantSource clock, EnvFile.Disk disk) {
        this.root = root.toAbsolutePath();
        this.sealing = sealing;
        this.clock = clock;
        this.disk = disk;
    }

    /** Where the instance on this port lives. */
    Path home(int port) {
        return root.resolve(Integer.toString(port));
    }

    boolean exists(int port) {
        return EnvFile.exists(home(port).resolve(SETTINGS));
    }

    /** The ports of all instances, in order. */
    List<Integer> ports() throws IOException {
        try (var entries = Files.list(root)) {
            return entries.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches(PORT))
                    .map(Integer::valueOf)
                    .filter(this::exists)
                    .sorted()
                    .toList();
        }
    }

    /** Removes what a process that was killed has left unfinished. */
    void sweep() throws IOException {
        try (var entries = Files.list(root)) {
            for (var left : entries.filter(path -> path.getFileName().toString().startsWith(UNFINISHED))
                    .toList()) {
                delete(left);
            }
        }
    }

    /** The settings, secrets among them in clear. */
    SortedMap<String, String> settings(int port) throws IOException {
        return new TreeMap<>(sealing.open(owner(port), EnvFile.read(home(port).resolve(SETTINGS))));
    }

    /** The settings without the secrets. */
    SortedMap<String, String> shown(int port) throws IOException {
        return EnvFile.read(home(port).resolve(SETTINGS));
    }

    /** Whether secrets stand there in clear, as versions before this one wrote them. */
    boolean inClear(int port) throws IOException {
        return EnvFile.read(home(port).resolve(SETTINGS)).keySet().stream().anyMatch(Field.secrets()::contains);
    }

    private static String owner(int port) {
        return "instance on port " + port;
    }

    private void seal(Path file, int port, Map<String, String> settings) throws IOException {
        EnvFile.write(file, sealing.seal(owner(port), settings, Field.secrets()), disk);
    }

    /**
     * Wraps what the instances' secrets are sealed with by the encryption key in use. No other change may go on
     * meanwhile in this process; one of another process is waited for, and waits.
     *
     * @return how many were wrapped by another key
     */
    public int rewrap() throws IOException {
        return locked(() -> {
            int done = 0;
            for (int port : ports()) {
                var stored = EnvFile.read(home(port).resolve(SETTINGS));
                var next = sealing.rewrapped(owner(port), stored);
                if (next.isPresent()) {
                    EnvFile.write(home(port).resolve(REWRAPPED), next.get(), disk);
                    EnvFile.replace(home(port).resolve(REWRAPPED), home(port).resolve(SETTINGS));
                    done++;
                }
            }
            return done;
        });
    }

    private interface Work<T> {
        T done() throws IOException;
    }

    /** Between choosing a key and having written what it wraps, no rotation may drop that key. */
    private synchronized <T> T locked(Work<T> work) throws IOException {
        try (var channel =
                        FileChannel.open(root.resolve(".sealing"), LOCK, PosixFilePermissions.asFileAttribute(OWNER));
                var _ = channel.lock()) {
            return work.done();
        }
    }

    /**
     * Makes an instance: all of it, or nothing.
     *
     * @param idempotency recognises the request that made it, see {@link #madeBy}
     */
    void create(int port, Map<String, String> settings, Optional<String> idempotency) throws IOException {
        var unfinished = Files.createTempDirectory(
                root, UNFINISHED, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            if (idempotency.isPresent()) {
                Files.writeString(unfinished.resolve(IDEMPOTENCY), idempotency.get());
            }
            locked(() -> {
                seal(unfinished.resolve(SETTINGS), port, settings);
                putAside(port);
                Files.move(unfinished, home(port), StandardCopyOption.ATOMIC_MOVE);
                EnvFile.sync(root);
                return port;
            });
        } catch (IOException | RuntimeException e) {
            delete(unfinished);
            throw e;
        }
    }

    /** Whether the instance was made by the request that this text stands for. */
    boolean madeBy(int port, String idempotency) throws IOException {
        var file = home(port).resolve(IDEMPOTENCY);
        return EnvFile.exists(file) && Files.readString(file).equals(idempotency);
    }

    /** Writes settings beside those that count, so that a full disk is found out before the instance is stopped. */
    void prepare(int port, Map<String, String> settings) throws IOException {
        seal(home(port).resolve(NEXT), port, settings);
    }

    /** Lets what was prepared count; sealed anew when the encryption key was rotated since. */
    void adopt(int port, Map<String, String> settings) throws IOException {
        locked(() -> {
            if (sealing.isOutdated(EnvFile.read(home(port).resolve(NEXT)))) {
                prepare(port, settings);
            }
            EnvFile.replace(home(port).resolve(NEXT), home(port).resolve(SETTINGS));
            return port;
        });
    }

    /** Removes an instance; its secrets are gone, its storage and logs are put aside. */
    void remove(int port) throws IOException {
        Files.deleteIfExists(home(port).resolve(NEXT));
        Files.deleteIfExists(home(port).resolve(IDEMPOTENCY));
        Files.deleteIfExists(home(port).resolve(SETTINGS));
        EnvFile.sync(home(port));
        putAside(port);
    }

    /** Removes what an instance that never ran has left. */
    void forget(int port) throws IOException {
        delete(home(port));
    }

    private void putAside(int port) throws IOException {
        var home = home(port);
        if (Files.notExists(home)) {
            return;
        }
        try (var left = Files.list(home)) {
            if (left.findAny().isEmpty()) {
                Files.delete(home);
                return;
            }
        }
        var removed = root.resolve("removed");
        Files.createDirectories(
                removed, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.move(home, removed.resolve(port + "-" + STAMP.format(clock.instant())), StandardCopyOption.ATOMIC_MOVE);
    }

    static void delete(Path directory) throws IOException {
        if (Files.notExists(directory)) {
            return;
        }
        try (var all = Files.walk(directory)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
