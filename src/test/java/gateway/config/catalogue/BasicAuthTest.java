package gateway.config.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.config.BasicUser;
import gateway.config.Invalid;
import gateway.config.Secret;
import gateway.config.SecretGenerator;

public class BasicAuthTest {
    public static final String HASH =
            "$argon2id$v=19$m=12288,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$" + "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "admin",
                "admin:",
                ":password-of-nobody",
                "admin:hunter2,",
                ",admin:hunter2",
                "admin:hun,ter2",
                "admin:hunter2,admin:hunter3",
                "admin: hunter2",
                "admin:hun\tter2",
                "admin:hun\u2028ter2",
                "ad\u2029min:hunter2",
                "admin:$argon2id$hunter2",
                "admin:$argon2i$v=19$m=12288,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI",
                "admin:$argon2id$v=19$m=9999999,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI",
                "admin:$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI"
            })
    void aListThatCannotBeUnderstoodIsRefusedWithoutRepeatingIt(String text) {
        var invalid = assertThrows(Invalid.class, () -> BasicAuthParser.parse(text));
        var sentence = invalid.what() + invalid.remedy();
        assertFalse(sentence.contains("hunter") || sentence.contains("ter2") || sentence.contains("MTIz"), sentence);
        assertEquals(Secret.MASK, BasicAuthParser.mask(text));
    }

    @Test
    void aPasswordOf257CharactersIsRefusedAndOneOf256IsNot() throws Invalid {
        assertThrows(Invalid.class, () -> BasicAuthParser.parse("admin:" + "x".repeat(257)));
        assertEquals(1, BasicAuthParser.parse("admin:" + "x".repeat(256)).size());
        assertEquals(
                1, BasicAuthParser.parse("admin:" + "\ud83d\ude00".repeat(256)).size());
    }

    @Test
    void theFirstColonSplitsAndFurtherOnesBelongToThePassword() throws Invalid {
        var user = BasicAuthParser.parse("admin:a:b:c==").getFirst();
        assertEquals("admin", user.name());
        assertEquals(new BasicUser.Plain(new Secret("a:b:c==")), user.password());
    }

    @Test
    void theCommasOfAHashDoNotEndItsPair() throws Invalid {
        var users = BasicAuthParser.parse("admin:" + HASH + ",api:L5nT7vY2jC,support:" + HASH);
        assertEquals(new BasicUser.Argon2id(new Secret(HASH)), users.get(0).password());
        assertEquals(new BasicUser.Plain(new Secret("L5nT7vY2jC")), users.get(1).password());
        assertEquals("support", users.get(2).name());
    }

    @Test
    void namesAreShownAndPasswordsAreNot() {
        assertEquals("admin:********,api:********", BasicAuthParser.mask("admin:" + HASH + ",api:L5nT7vY2jC"));
    }

    @Test
    void aUsersTextFormHoldsNoPassword() throws Invalid {
        assertFalse(BasicAuthParser.parse("admin:hunter2").toString().contains("hunter2"));
    }

    @Test
    void aGeneratedSecretNeedsNoQuotingAndIsNeverTheSame() {
        var one = SecretGenerator.generate();
        assertTrue(one.reveal().matches("[A-Za-z0-9]{43}"));
        assertFalse(one.equals(SecretGenerator.generate()));
        assertEquals(Secret.MASK, one.toString());
    }
}
