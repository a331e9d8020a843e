package gateway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorageDirectoryTest {
    @TempDir
    Path parent;

    @Test
    void dataThatOthersCouldReadIsRefusedWithTheRemedy() throws Exception {
        var loose = Files.createDirectory(parent.resolve("loose"));
        Files.writeString(loose.resolve("whatsapp.db"), "x");
        Files.setPosixFilePermissions(loose, PosixFilePermissions.fromString("rwxr-xr-x"));
        var fault = assertThrows(StoreFault.class, () -> StorageDirectory.claim(loose));
        assertTrue(fault.getMessage().contains("chmod 700 " + loose), fault.getMessage());
        assertEquals("rwxr-xr-x", mode(loose));
    }

    @Test
    void aLinkIsToldOfByWhereItLeads() throws Exception {
        var target = Files.createDirectory(parent.toRealPath().resolve("somebody-elses"));
        Files.writeString(target.resolve("passwd"), "x");
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
        var link = Files.createSymbolicLink(parent.resolve("storages"), target);
        var message = assertThrows(StoreFault.class, () -> StorageDirectory.claim(link))
                .getMessage();
        assertTrue(message.contains(link + " leads by a link to " + target), message);
        assertFalse(message.contains("chmod 700 " + link), message);
        assertEquals("rwxr-xr-x", mode(target));
    }

    @Test
    void aSecondServerOnTheSameDirectoryIsRefused() {
        var directory = parent.resolve("storages");
        try (var first = StorageDirectory.claim(directory)) {
            assertTrue(assertThrows(StoreFault.class, () -> StorageDirectory.claim(directory))
                    .getMessage()
                    .contains("in use"));
        }
        StorageDirectory.claim(directory).close();
    }

    @Test
    void theLockStaysWhenItsFileIsRemovedAndHoldsUnderAnotherName() throws Exception {
        var directory = parent.resolve("storages");
        try (var first = StorageDirectory.claim(directory)) {
            Files.delete(directory.resolve(".lock"));
            assertTrue(assertThrows(StoreFault.class, () -> StorageDirectory.claim(directory))
                    .getMessage()
                    .contains("in use"));
            var link = Files.createSymbolicLink(parent.resolve("another"), directory);
            assertTrue(assertThrows(StoreFault.class, () -> StorageDirectory.claim(link))
                    .getMessage()
                    .contains("in use"));
        }
        StorageDirectory.claim(directory).close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "whatsapp.db",
                "secrets",
                "audit",
                "media",
                ".lock",
                "security.log",
                "accounts.generation",
                "secrets/encryption.key",
                "audit/audit.state",
                "media/default"
            })
    void aLinkInsideIsRefusedAndNothingBehindItIsTouched(String name) throws Exception {
        var directory = parent.resolve("storages");
        StorageDirectory.claim(directory).close();
        var target = Files.writeString(parent.resolve("target"), "somebody else's");
        Files.createDirectories(directory.resolve(name).getParent());
        Files.deleteIfExists(directory.resolve(name));
        Files.createSymbolicLink(directory.resolve(name), target);
        var fault = assertThrows(StoreFault.class, () -> StorageDirectory.claim(directory));
        assertTrue(fault.getMessage().contains("symbolic link, " + directory.resolve(name)), fault.getMessage());
        assertEquals("somebody else's", Files.readString(target));
    }

    @Test
    void aPlainFileInItsPlaceIsRefused() throws Exception {
        var file = Files.createFile(parent.resolve("storages"));
        assertTrue(assertThrows(StoreFault.class, () -> StorageDirectory.claim(file))
                .getMessage()
                .contains("not a directory"));
    }

    @Test
    void anEmptyDirectoryAndLooseFilesInAClosedOneAreClosed() throws Exception {
        var directory = Files.createDirectory(parent.resolve("storages"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        StorageDirectory.claim(directory).close();
        assertEquals("rwx------", mode(directory));
        var file = Files.createFile(directory.resolve("whatsapp.db"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        StorageDirectory.claim(directory).close();
        assertEquals("rw-------", mode(file));
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
