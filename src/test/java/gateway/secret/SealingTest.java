package gateway.secret;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.config.Secret;
import gateway.config.SecretFile;
import gateway.store.Database;
import gateway.store.Store;

/** The envelope: values sealed by a data key, the data key wrapped by a key outside the database. */
class SealingTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path directory;

    private Store store;
    private Path file;

    @BeforeEach
    void open() {
        store = Store.open(new Database.Sqlite(directory.resolve("whatsapp.db")));
        file = directory.resolve("encryption.key");
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Sealing sealing(KeyRing ring) {
        return new Sealing(store, ring, directory.resolve("webhook.key"), InstantSource.system());
    }

    private static KeyRing given(String... keys) {
        return KeyRing.given(() -> List.of(keys).stream().map(Secret::new).toList());
    }

    @Test
    void aSecretOpensForItsOwnerAndKeyOnly() {
        var sealing = sealing(KeyRing.file(file));
        var sealed = sealing.seal("ep_1", SECRET);
        assertEquals(SECRET, sealing(KeyRing.file(file)).open("ep_1", sealed));
        assertNotEquals(sealed, sealing.seal("ep_1", SECRET));
        assertThrows(IllegalStateException.class, () -> sealing.open("ep_2", sealed));
        var other = sealing(KeyRing.file(directory.resolve("other.key")));
        assertTrue(assertThrows(IllegalStateException.class, () -> other.open("ep_1", sealed))
                .getMessage()
                .contains("WHATSAPP_ENCRYPTION_KEY"));
        assertThrows(
                IllegalStateException.class,
                () -> sealing.open("ep_1", SECRET),
                "what is in clear was put there by nobody of us");
    }

    @Test
    void theKeyFileIsForItsOwnerOnlyAndRefusedOtherwise() throws Exception {
        KeyRing.file(file);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertTrue(assertThrows(IllegalStateException.class, () -> KeyRing.file(file))
                .getMessage()
                .contains("chmod 600"));
    }

    @Test
    void theDatabaseAloneOpensNothing() {
        var ring = KeyRing.file(file);
        sealing(ring).seal("ep_1", SECRET);
        var wrapped =
                store.one(row -> row.text(1), "SELECT wrapped FROM data_key").orElseThrow();
        var id = store.one(row -> row.text(1), "SELECT id FROM data_key").orElseThrow();
        assertTrue(Aes.unwrap(ring.current(), id, wrapped).isPresent());
        assertTrue(Aes.unwrap(Aes.random(), id, wrapped).isEmpty());
        assertTrue(
                Aes.unwrap(ring.current(), "another", wrapped).isEmpty(),
                "wrapped keys cannot be exchanged for one another");
    }

    @Test
    void textInClearAndTheFormBeforeAreRenewed() throws Exception {
        var key = Aes.random();
        SecretFile.write(directory.resolve("webhook.key"), key.base64());
        var sealing = sealing(KeyRing.file(file));
        var earlier = "v1:" + key.seal("ep_1", SECRET);
        assertEquals(SECRET, sealing.open("ep_1", earlier));
        var renewed = sealing.renewed("ep_1", earlier).orElseThrow();
        assertEquals(SECRET, sealing.open("ep_1", renewed));
        assertEquals(
                SECRET, sealing.open("ep_1", sealing.renewed("ep_1", SECRET).orElseThrow()));
        assertFalse(renewed.contains(SECRET));
        assertEquals(Optional.empty(), sealing.renewed("ep_1", renewed));
    }

    @Test
    void aDerivedKeyIsTheSameOnEachNodeAndAcrossARotationOfTheKey() {
        var old = Base64.getEncoder().encodeToString(new byte[32]);
        var fresh = Aes.random().base64();
        var node = sealing(given(old));
        var before = node.derived("links");
        assertArrayEquals(before, sealing(given(old)).derived("links"));
        assertEquals(1, sealing(given(fresh, old)).rewrap());
        assertArrayEquals(before, node.derived("links"), "a node that has not heard of it yet");
        assertArrayEquals(before, sealing(given(fresh)).derived("links"), "a node that starts after it");
        assertFalse(Arrays.equals(before, node.derived("others")));
    }

    @Test
    void aNewKeyInFrontIsTakenAndTheOldOneIsNeededNoMore() {
        var old = Base64.getEncoder().encodeToString(new byte[32]);
        var fresh = Aes.random().base64();
        var sealed = sealing(given(old)).seal("ep_1", SECRET);
        assertThrows(IllegalStateException.class, () -> sealing(given(fresh)).open("ep_1", sealed));
        assertEquals(1, sealing(given(fresh, old)).rewrap());
        assertEquals(0, sealing(given(fresh, old)).rewrap());
        assertEquals(SECRET, sealing(given(fresh)).open("ep_1", sealed), "the value itself was not touched");
    }

    @Test
    void aRingLooksAgainWhenAnotherProcessRotatedTheKey() throws Exception {
        var mine = KeyRing.file(file);
        var sealed = sealing(mine).seal("ep_1", SECRET);
        var theirs = KeyRing.file(file);
        var keys = theirs.withNew();
        SecretFile.write(file, String.join("\n", keys) + "\n");
        theirs.reread();
        sealing(theirs).rewrap();
        SecretFile.write(file, keys.getFirst() + "\n");
        assertEquals(SECRET, sealing(mine).open("ep_1", sealed));
    }
}
