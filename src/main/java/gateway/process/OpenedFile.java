package gateway.process;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;

/**
 * A file or directory that is held open. What it says of itself stays true of what is read, even when its name leads to
 * something else meanwhile. Opening does not wait: the JDK's own opening of a pipe waits for a writer, hence the C call.
 */
public final class OpenedFile implements AutoCloseable {
    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
    /** open(2): O_RDONLY | O_NONBLOCK | O_CLOEXEC. */
    private static final int OPEN = 0x800 | 0x80000;

    private static final int NO_LINK = ARM ? 0x8000 : 0x20000;
    private static final int EPERM = 1;
    private static final int ENOENT = 2;
    private static final int EACCES = 13;
    private static final int ENOTDIR = 20;
    private static final int ELOOP = 40;

    private static final SystemCall OPENED = SystemCall.of("open");
    private static final SystemCall CLOSED = SystemCall.of("close");

    private final Path name;
    private int descriptor;

    private OpenedFile(Path name, int descriptor) {
        this.name = name;
        this.descriptor = descriptor;
    }

    /**
     * Opens what a path leads to; a link at its end is refused.
     *
     * @throws IOException of the same classes as those of the JDK's own opening
     */
    public static OpenedFile of(Path path) throws IOException {
        return open(path, path, OPEN | NO_LINK);
    }

    /** As {@link #of}, and follows links. */
    public static OpenedFile following(Path path) throws IOException {
        return open(path, path, OPEN);
    }

    /** As {@link #of}, for an entry of this directory, wherever the directory was moved to. */
    public OpenedFile entry(String entry) throws IOException {
        return open(place().resolve(entry), name.resolve(entry), OPEN | NO_LINK);
    }

    private static OpenedFile open(Path path, Path name, int flags) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var opened = OPENED.call(
                    arena.allocateFrom(path.toAbsolutePath().toString()).address(), flags);
            if (opened.number() >= 0) {
                return new OpenedFile(name, opened.number());
            }
            throw switch (opened.errno()) {
                case ENOENT -> new NoSuchFileException(name.toString());
                case ENOTDIR -> new NotDirectoryException(name.toString());
                case EACCES, EPERM -> new AccessDeniedException(name.toString());
                case ELOOP -> new FileSystemException(name.toString(), null, "it is a symbolic link");
                default -> new FileSystemException(name.toString(), null, "error " + opened.errno());
            };
        }
    }

    /** What the file system says of the opened file itself. */
    public PosixFileAttributes attributes() throws IOException {
        return Files.readAttributes(place(), PosixFileAttributes.class);
    }

    /** The content; to be asked for only when {@link #attributes} say that this is a regular file. */
    public InputStream stream() throws IOException {
        return Files.newInputStream(place());
    }

    private Path place() {
        return Path.of("/proc/self/fd", Integer.toString(descriptor));
    }

    @Override
    public void close() {
        if (descriptor >= 0) {
            CLOSED.call(descriptor);
            descriptor = -1;
        }
    }
}
