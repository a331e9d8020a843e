package gateway.admin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * An instance's settings as a file, one {@code NAME='value'} a line: what {@code .env} and systemd's
 * {@code EnvironmentFile=} (systemd.exec(5)) both read as it stands. For the owner only, written whole or not at all.
 */
final class EnvFile {
    private static final Pattern LINE = Pattern.compile("([A-Z][A-Z0-9_]*)='([^']*)'");
    private static final Set<StandardOpenOption> NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private EnvFile() {}

    /** How bytes reach the disk; there to be failed by a test, as a disk that is full would. */
    @FunctionalInterface
    interface Disk {
        Disk REAL = (channel, bytes) -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        };

        void write(FileChannel channel, ByteBuffer bytes) throws IOException;
    }

    static SortedMap<String, String> read(Path file) throws IOException {
        var settings = new TreeMap<String, String>();
        for (var line : Files.readAllLines(file)) {
            var parts = LINE.matcher(line);
            if (!parts.matches()) {
                throw new IOException("The file of settings was changed by hand in a way that is not understood.");
            }
            settings.put(parts.group(1), parts.group(2));
        }
        return settings;
    }

    /**
     * Writes a new file that nobody else reads; a failure leaves none.
     *
     * @throws IllegalArgumentException when a value could end its line or its quotes, which callers have refused before
     */
    static void write(Path file, Map<String, String> settings, Disk disk) throws IOException {
        var text = new StringBuilder();
        new TreeMap<>(settings).forEach((name, value) -> {
            var line = name + "='" + value + "'";
            if (!LINE.matcher(line).matches() || value.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException(name + " has a value that cannot be written");
            }
            text.append(line).append('\n');
        });
        Files.deleteIfExists(file);
        try (var channel = FileChannel.open(
                file, NEW, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            disk.write(channel, StandardCharsets.UTF_8.encode(text.toString()));
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** Puts a file in the place of another, so that a power cut leaves the one or the other. */
    static void replace(Path file, Path place) throws IOException {
        Files.move(file, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(Objects.requireNonNull(place.toAbsolutePath().getParent()));
    }

    /** A rename is on disk only when its directory is. */
    static void sync(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static boolean exists(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }
}
