package gateway.admin;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import gateway.config.SecretFile;
import gateway.process.ExplainedFault;

/**
 * Where an instance finds its secrets in clear: files in memory, never on a disk, for this user only, in the form of
 * systemd's credentials ({@code $CREDENTIALS_DIRECTORY/name}, systemd.exec(5)). A child reads them there; on the
 * appliance {@code whatsapp-instance} turns them into encrypted credentials and removes them.
 */
public final class InstanceSecrets {
    private static final System.Logger LOG = System.getLogger(InstanceSecrets.class.getName());
    private static final String OWNER_ONLY = "rwx------";
    private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs");

    private final Path directory;

    private InstanceSecrets(Path directory) {
        this.directory = directory;
    }

    /**
     * The service manager's directory for this service; without one, a directory under {@code /dev/shm}.
     *
     * @param root the instances' own directory, which tells one Admin API of a user from another
     * @throws ExplainedFault with the remedy, when there is no such place in memory, or it is another user's
     */
    public static InstanceSecrets of(Map<String, String> environment, Path root) {
        var given = environment.getOrDefault("RUNTIME_DIRECTORY", "");
        var name = "whatsapp-instances-"
                + UUID.nameUUIDFromBytes(root.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8));
        return in(given.isEmpty() ? Path.of("/dev/shm", name) : Path.of(given), root);
    }

    /** @param root for its owner, who is this process's user */
    static InstanceSecrets in(Path directory, Path root) {
        try {
            if (Files.notExists(directory, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
            }
            var is = Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!is.isDirectory()
                    || !is.owner().equals(Files.getOwner(root))
                    || !PosixFilePermissions.toString(is.permissions()).equals(OWNER_ONLY)) {
                throw new ExplainedFault(directory + " is not for this user alone. Remove it and start again.");
            }
            if (!IN_MEMORY.contains(fileSystem(directory.toRealPath()))) {
                throw new ExplainedFault(
                        directory + " is on a disk, where no secret may lie in clear. Mount a tmpfs there.");
            }
            return new InstanceSecrets(directory);
        } catch (IOException e) {
            throw new ExplainedFault(
                    directory + " cannot be used: " + e.getClass().getSimpleName()
                            + ". The secrets of instances need a directory in memory; mount a tmpfs on /dev/shm.",
                    e);
        }
    }

    /**
     * The type of the file system a path is on, by proc_pid_mountinfo(5): of the mount points above it the nearest, and
     * of those the last. {@link Files#getFileStore} finds none in a sandbox, where the directory is bound to its own
     * place.
     */
    private static String fileSystem(Path path) throws IOException {
        int nearest = -1;
        var type = "";
        for (var line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            var fields = line.split(" ");
            var mount = Path.of(fields[4]);
            if (path.startsWith(mount) && mount.getNameCount() >= nearest) {
                nearest = mount.getNameCount();
                type = fields[List.of(fields).indexOf("-") + 1];
            }
        }
        return type;
    }

    /** What an instance is given as its {@code CREDENTIALS_DIRECTORY}. */
    Path of(int port) {
        return directory.resolve(Integer.toString(port));
    }

    /** Lays the secrets among these settings ready, and no others. */
    void put(int port, Map<String, String> settings) throws IOException {
        var place = of(port);
        if (Files.notExists(place)) {
            Files.createDirectory(
                    place, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
        }
        for (var name : Field.secrets()) {
            var file = place.resolve(name.toLowerCase(Locale.ROOT).replace('_', '-'));
            if (settings.containsKey(name)) {
                SecretFile.write(file, settings.get(name));
            } else {
                Files.deleteIfExists(file);
            }
        }
    }

    void remove(int port) throws IOException {
        InstanceFiles.delete(of(port));
    }

    /** Leaves what instances that go on may still read, and nothing when there are none. */
    void close() {
        try {
            Files.delete(directory);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "{0} stays", directory);
        }
    }
}
