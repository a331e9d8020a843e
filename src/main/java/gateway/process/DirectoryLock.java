package gateway.process;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;

/**
 * A lock on a directory itself, by flock(2): it lies on what the name leads to, so removing or replacing a file inside
 * takes it from nobody, and a second name of the same directory finds it. It ends with the process. The JDK locks byte
 * ranges of regular files only, and those locks go with the first descriptor of the file that is closed; hence the C
 * calls.
 */
public final class DirectoryLock implements AutoCloseable {
    /** open(2): O_RDONLY | O_DIRECTORY | O_CLOEXEC, as x86-64 and most others count; arm64 has another O_DIRECTORY. */
    private static final int OPEN = 0x80000 | (System.getProperty("os.arch").equals("aarch64") ? 0x4000 : 0x10000);

    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int LOCK_UN = 8;
    private static final int EPERM = 1;
    private static final int EINTR = 4;
    private static final int EWOULDBLOCK = 11;
    private static final int EACCES = 13;

    private static final SystemCall OPENED = SystemCall.of("open");
    private static final SystemCall LOCKED = SystemCall.of("flock");
    private static final SystemCall CLOSED = SystemCall.of("close");

    private final Path directory;
    private int descriptor;

    private DirectoryLock(Path directory, int descriptor) {
        this.directory = directory;
        this.descriptor = descriptor;
    }

    /**
     * Opens a directory for locking; nothing is locked yet.
     *
     * @throws IOException when it cannot be opened
     */
    public static DirectoryLock of(Path directory) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var opened = OPENED.call(
                    arena.allocateFrom(directory.toAbsolutePath().toString()).address(), OPEN);
            if (opened.number() < 0) {
                throw new IOException(directory + " cannot be opened: error " + opened.errno());
            }
            return new DirectoryLock(directory, opened.number());
        }
    }

    /**
     * Takes the lock if nobody has it.
     *
     * @return false when another process, or another lock of this one, has it
     * @throws AccessDeniedException when this process may take no lock there
     * @throws IOException when the file system has no such locks
     */
    public boolean tryLock() throws IOException {
        return flock(LOCK_EX | LOCK_NB);
    }

    /** Waits for the lock; closing what is returned gives it up. */
    public Held hold() throws IOException {
        flock(LOCK_EX);
        return () -> flock(LOCK_UN);
    }

    /** The time for which the lock is held. */
    public interface Held extends AutoCloseable {
        @Override
        void close() throws IOException;
    }

    private boolean flock(int operation) throws IOException {
        for (var locked = LOCKED.call(descriptor, operation);
                locked.number() != 0;
                locked = LOCKED.call(descriptor, operation)) {
            if (locked.errno() == EWOULDBLOCK) {
                return false;
            }
            if (locked.errno() != EINTR) {
                throw refusal(directory, locked.errno());
            }
        }
        return true;
    }

    /** Why flock(2) failed. A lock that the system forbids, as AppArmor does, is no file system without locks. */
    static IOException refusal(Path directory, int errno) {
        return errno == EPERM || errno == EACCES
                ? new AccessDeniedException(directory.toString())
                : new IOException(directory + " cannot be locked: error " + errno);
    }

    @Override
    public synchronized void close() {
        if (descriptor >= 0) {
            CLOSED.call(descriptor);
            descriptor = -1;
        }
    }
}
