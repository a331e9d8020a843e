package gateway.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Argon2Test {
    /**
     * Made by the reference implementation's command line tool (Debian's argon2), so that this is no talk with
     * ourselves.
     */
    private static final String FOREIGN =
            "$argon2id$v=19$m=1024,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$avUvXNtnn/GNZVscoS8F6XVDSn5QnlrimsKMNNw4iI8";

    @Test
    void aHashIsReadBackFromItsText() {
        Argon2 hash = Argon2.of("some password of length".toCharArray());
        String text = hash.toString();
        assertTrue(text.startsWith("$argon2id$v=19$m=12288,t=3,p=1$"), text);
        assertTrue(Argon2.parse(text).matches("some password of length".toCharArray(), new Argon2.Memory()));
        assertFalse(Argon2.parse(text).matches("some password of lengti".toCharArray(), new Argon2.Memory()));
        assertEquals(text, Argon2.parse(text).toString());
    }

    @Test
    void aHashOfTheReferenceImplementationIsUnderstood() {
        assertTrue(Argon2.parse(FOREIGN).matches("correct horse battery".toCharArray(), new Argon2.Memory()));
        assertFalse(Argon2.parse(FOREIGN).matches("correct horse batterz".toCharArray(), new Argon2.Memory()));
    }

    @Test
    void thePasswordIsSalted() {
        assertNotEquals(
                Argon2.of("a".toCharArray()).toString(),
                Argon2.of("a".toCharArray()).toString());
    }

    @Test
    void aDecoyMatchesNothingAndCostsTheSame() {
        Argon2 hash = Argon2.of("a".toCharArray());
        assertFalse(hash.decoy().matches("a".toCharArray(), new Argon2.Memory()));
        assertEquals(hash.cost(), hash.decoy().cost());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "$argon2i$v=19$m=1024,t=2,p=1$c29tZXNhbHQxMjM$aaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "$argon2id$v=16$m=1024,t=2,p=1$c29tZXNhbHQxMjM$aaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQxMjM$aaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "$argon2id$v=19$m=1024,t=999,p=1$c29tZXNhbHQxMjM$aaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "$argon2id$v=19$m=1024,t=2,p=0$c29tZXNhbHQxMjM$aaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "$argon2id$v=19$m=1024,t=2,p=1$$",
                "$2b$10$abcdefghijklmnopqrstuv"
            })
    void whatIsNoAffordableArgon2idIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Argon2.parse(text));
    }
}
