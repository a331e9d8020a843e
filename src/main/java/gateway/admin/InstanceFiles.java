package gateway.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The instances on disk: a directory for each, named by its port. There is an instance when there is its {@code .env}; what
 * else lies there (storage, logs) is the instance's own. Nothing that an instance has stored is ever deleted: what belonged to a
 * removed one moves to {@code removed/}, so that the next one on its port begins empty.
 */
public final class InstanceFiles {
    private static final String SETTINGS = ".env";
    private static final String NEXT = ".env.next";
    private static final String IDEMPOTENCY = ".idempotency";
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final String UNFINISHED = ".new-";
    private static final String PORT = "[1-9][0-9]{3,4}";

    private final Path root;
    private final InstantSource clock;
    private final EnvFile.Disk disk;

    /** @param root exists, for this user only */
    public InstanceFiles(Path root, InstantSource clock) {
        this(root, clock, EnvFile.Disk.REAL);
    }

    InstanceFiles(Path root, InstantSource clock, EnvFile.Disk disk) {
        this.root = root.toAbsolutePath();
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
            return entries.map(path -> path.getFileName().toString()).filter(name -> name.matches(PORT)).map(Integer::valueOf)
                    .filter(this::exists).sorted().toList();
        }
    }

    /** Removes what a process that was killed has left unfinished. */
    void sweep() throws IOException {
        try (var entries = Files.list(root)) {
            for (var left : entries.filter(path -> path.getFileName().toString().startsWith(UNFINISHED)).toList()) {
                delete(left);
            }
        }
    }

    SortedMap<String, String> settings(int port) throws IOException {
        return EnvFile.read(home(port).resolve(SETTINGS));
    }

    /**
     * Makes an instance: all of it, or nothing.
     *
     * @param idempotency recognises the request that made it, see {@link #madeBy}
     */
    void create(int port, Map<String, String> settings, Optional<String> idempotency) throws IOException {
        var unfinished = Files.createTempDirectory(root, UNFINISHED,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            if (idempotency.isPresent()) {
                Files.writeString(unfinished.resolve(IDEMPOTENCY), idempotency.get());
            }
            EnvFile.write(unfinished.resolve(SETTINGS), settings, disk);
            putAside(port);
            Files.move(unfinished, home(port), StandardCopyOption.ATOMIC_MOVE);
            EnvFile.sync(root);
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
        EnvFile.write(home(port).resolve(NEXT), settings, disk);
    }

    /** Lets what was prepared count. */
    void adopt(int port) throws IOException {
        EnvFile.replace(home(port).resolve(NEXT), home(port).resolve(SETTINGS));
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
        Files.createDirectories(removed, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.move(home, removed.resolve(port + "-" + STAMP.format(clock.instant())), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void delete(Path directory) throws IOException {
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
