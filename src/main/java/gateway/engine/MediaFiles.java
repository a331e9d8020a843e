package gateway.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

import gateway.digest.Sha256;

/**
 * The files of messages: one directory per account, files for the owner only, under names of our own making. What is on
 * its way in lies in {@code .incoming} until it is judged.
 */
public final class MediaFiles {
    private static final System.Logger LOG = System.getLogger(MediaFiles.class.getName());
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final String INCOMING = ".incoming";

    private final Path root;

    /** @param root is made if it is not there; what a crash left on its way in is removed */
    public MediaFiles(Path root) {
        this.root = root;
        try {
            directory(root);
            var incoming = directory(root.resolve(INCOMING));
            try (var left = Files.list(incoming)) {
                for (var file : left.toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The media directory cannot be used", e);
        }
    }

    /** A name for a file that does not exist yet, where uploads and downloads are written to. */
    public Path incoming() {
        return root.resolve(INCOMING).resolve(UUID.randomUUID().toString());
    }

    /** Removes a file that was not kept. A file that cannot be removed now is removed at the next start. */
    public void discard(Path incoming) {
        try {
            Files.deleteIfExists(incoming);
        } catch (IOException e) {
            LOG.log(
                    Level.WARNING,
                    "A file that was not kept could not be removed: {0}",
                    e.getClass().getName());
        }
    }

    /**
     * Moves a file from {@link #incoming} to where it stays, flushed to disk before.
     *
     * @param extension of its type, such as {@code jpg}
     */
    public MediaFile keep(String device, Path incoming, String mime, String extension, String name) throws IOException {
        var id = UUID.randomUUID().toString().replace("-", "") + "." + extension;
        Files.setPosixFilePermissions(incoming, PosixFilePermissions.fromString("rw-------"));
        long size = Files.size(incoming);
        var hash = sha256(incoming);
        try (var channel = java.nio.channels.FileChannel.open(
                incoming, java.nio.file.StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            channel.force(true);
        }
        Files.move(incoming, directory(root.resolve(device(device))).resolve(id), StandardCopyOption.ATOMIC_MOVE);
        return new MediaFile(id, mime, name, size, hash);
    }

    /** The account's file of that name; empty when there is none, or the name cannot be one. */
    public Optional<Path> find(String device, String id) {
        if (!MediaFile.isId(id)) {
            return Optional.empty();
        }
        return Optional.of(root.resolve(device(device)).resolve(id))
                .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
    }

    /** Removes one file, if it is there. */
    public void remove(String device, String id) throws IOException {
        var file = find(device, id);
        if (file.isPresent()) {
            Files.deleteIfExists(file.get());
        }
    }

    /** Removes every file of the account. */
    public void removeAll(String device) throws IOException {
        var directory = root.resolve(device(device));
        try (var files = Files.list(directory)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (NoSuchFileException e) {
            // The account never had a file.
            return;
        }
    }

    /** Where a client fetches the account's file, relative to the API's address. */
    public static String path(String device, String id) {
        return "statics/media/"
                + (PLAIN.matcher(device).matches()
                        ? device
                        : URLEncoder.encode(device, StandardCharsets.UTF_8).replace("+", "%20"))
                + "/" + id;
    }

    /**
     * The account's directory. A client chooses an account's name, so one that is not plain is replaced by its hash,
     * behind a character that no plain name begins with.
     */
    private static String device(String device) {
        return PLAIN.matcher(device).matches() ? device : "_" + Sha256.hex(device);
    }

    private static Path directory(Path path) throws IOException {
        try {
            Files.createDirectory(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
        }
        return path;
    }

    private static String sha256(Path file) throws IOException {
        try (var in = new DigestInputStream(Files.newInputStream(file), Sha256.start())) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        }
    }
}
