package gateway.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Writes a file that holds a secret so that it is, at every instant and after any crash, the old one or the new one
 * whole.
 */
public final class SecretFile {
    private static final String OWNER_ONLY = "rw-------";

    private SecretFile() {}

    /**
     * Replaces the file's content, or makes the file for its owner only. Owner, group and mode stay those of the file
     * that was there.
     *
     * @throws IOException when the directory cannot be written to
     */
    public static void write(Path file, String text) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    public static void write(Path file, byte[] content) throws IOException {
        var directory = file.toAbsolutePath().getParent();
        // Made for the owner only; the mode of the old file, when that is wider, comes after the content is complete.
        var draft = Files.createTempFile(
                directory,
                "." + file.getFileName(),
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
        try {
            try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                var bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                like(file, draft);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void like(Path model, Path draft) throws IOException {
        var wanted = Files.readAttributes(model, PosixFileAttributes.class);
        var made = Files.getFileAttributeView(draft, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (!made.getOwner().equals(wanted.owner())) {
            made.setOwner(wanted.owner());
        }
        if (!made.readAttributes().group().equals(wanted.group())) {
            made.setGroup(wanted.group());
        }
        made.setPermissions(wanted.permissions());
    }
}
