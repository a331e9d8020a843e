package gateway.process;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * A lock on a directory itself, by flock(2): it lies on what the name leads to, so removing or replacing a file inside takes
 * it from nobody, and a second name of the same directory finds it. It ends with the process. The JDK locks byte ranges of
 * regular files only, and those locks go with the first descriptor of the file that is closed; hence the C calls.
 */
public final class DirectoryLock implements AutoCloseable {
    /** open(2): O_RDONLY | O_DIRECTORY | O_CLOEXEC, as x86-64 and most others count; arm64 has another O_DIRECTORY. */
    private static final int OPEN = 0x80000 | (System.getProperty("os.arch").equals("aarch64") ? 0x4000 : 0x10000);
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int LOCK_UN = 8;
    private static final int EINTR = 4;
    private static final int EWOULDBLOCK = 11;

    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final VarHandle NUMBER = Linker.Option.captureStateLayout().varHandle(PathElement.groupElement("errno"));
    private static final MethodHandle OPENED = call("open", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle LOCKED = call("flock", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSED = call("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

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
            var state = arena.allocate(Linker.Option.captureStateLayout());
            int descriptor = (int) OPENED.invokeExact(state, arena.allocateFrom(directory.toAbsolutePath().toString()), OPEN);
            if (descriptor < 0) {
                throw new IOException(directory + " cannot be opened: error " + number(state));
            }
            return new DirectoryLock(directory, descriptor);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("open(2) cannot be called", e);
        }
    }

    /**
     * Takes the lock if nobody has it.
     *
     * @return false when another process, or another lock of this one, has it
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
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(Linker.Option.captureStateLayout());
            while ((int) LOCKED.invokeExact(state, descriptor, operation) != 0) {
                int error = number(state);
                if (error == EWOULDBLOCK) {
                    return false;
                }
                if (error != EINTR) {
                    throw new IOException(directory + " cannot be locked: error " + error);
                }
            }
            return true;
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("flock(2) cannot be called", e);
        }
    }

    @Override
    public synchronized void close() {
        if (descriptor < 0) {
            return;
        }
        try (var arena = Arena.ofConfined()) {
            int closed = (int) CLOSED.invokeExact(arena.allocate(Linker.Option.captureStateLayout()), descriptor);
            descriptor = -1;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("close(2) cannot be called", e);
        }
    }

    private static int number(MemorySegment state) {
        return (int) NUMBER.get(state, 0L);
    }

    private static MethodHandle call(String name, FunctionDescriptor form) {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), form, ERRNO);
    }
}
