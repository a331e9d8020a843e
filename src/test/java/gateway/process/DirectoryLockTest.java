package gateway.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryLockTest {
    @Test
    void aDirectoryIsLockedOnce(@TempDir Path folder) throws IOException {
        try (var first = DirectoryLock.of(folder);
                var second = DirectoryLock.of(folder)) {
            assertTrue(first.tryLock());
            assertFalse(second.tryLock());
        }
    }

    /** EPERM and EACCES: a profile that forbids the lock is not a file system without locks. */
    @ParameterizedTest
    @ValueSource(ints = {1, 13})
    void aLockThatTheSystemForbidsIsToldApart(int errno) {
        assertEquals(
                AccessDeniedException.class,
                DirectoryLock.refusal(Path.of("/state"), errno).getClass());
    }

    /** EBADF of NFS, ENOSYS, ENOLCK and EOPNOTSUPP. */
    @ParameterizedTest
    @ValueSource(ints = {9, 38, 37, 95})
    void aFileSystemWithoutLocksIsNone(int errno) {
        assertEquals(
                IOException.class,
                DirectoryLock.refusal(Path.of("/state"), errno).getClass());
    }
}
