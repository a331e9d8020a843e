package gateway.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordPolicyTest {
    private final PasswordPolicy policy = new PasswordPolicy();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "short",
                "nineteen characters",
                "passwordpasswordpassword",
                "Password123456password!",
                "aaaaaaaaaaaaaaaaaaaaaaaa",
                "12345678901234567890",
                "qwertyuiopasdfghjklzxcvbnm",
                "CorrectHorseBatteryStaple",
                "bobbobbobbobbobbobbob",
                "line\nend in the middle of it",
                "line\u2028end in the middle of it",
                "paragraph\u2029end in the middle of it",
                "\ud83d\ude00\ud83d\ude01\ud83d\ude02\ud83d\ude03\ud83d\ude00\ud83d\ude01\ud83d\ude02\ud83d\ude03\ud83d\ude00\ud83d\ude01"
                        + "\ud83d\ude02\ud83d\ude03\ud83d\ude00\ud83d\ude01\ud83d\ude02\ud83d\ude03\ud83d\ude00\ud83d\ude01\ud83d\ude02\ud83d\ude04"
            })
    void aPoorPasswordIsRefused(String password) {
        assertTrue(policy.objection("bob", password).isPresent());
    }

    @Test
    void aPhraseIsFineAndSoAre256Characters() {
        assertEquals(Optional.empty(), policy.objection("bob", "nine wet otters argue over one umbrella"));
        assertEquals(
                Optional.empty(),
                policy.objection("bob", PasswordPolicy.generate().repeat(8)));
        assertTrue(policy.objection("bob", PasswordPolicy.generate().repeat(8) + "x")
                .isPresent());
    }

    /** One character can be two units of UTF-16. */
    @Test
    void eachCharacterCountsOnceWhicheverItIs() {
        var faces = new StringBuilder();
        for (int i = 0; i < PasswordPolicy.MAX; i++) {
            faces.appendCodePoint(0x1F300 + i * 37 % PasswordPolicy.MAX);
        }
        assertEquals(Optional.empty(), policy.objection("bob", faces.toString()));
        assertTrue(policy.objection("bob", faces + "x").isPresent());
    }

    @Test
    void whatIsGeneratedPassesAndTripsNothingUp() {
        for (int i = 0; i < 1000; i++) {
            String password = PasswordPolicy.generate();
            assertTrue(password.matches("[A-Za-z0-9]{32}"));
            assertEquals(Optional.empty(), policy.objection("bob", password));
        }
    }
}
