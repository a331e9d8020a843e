package gateway.auth;

import static gateway.auth.AuthenticatorRig.GOOD;
import static gateway.auth.AuthenticatorRig.HASH;
import static gateway.auth.AuthenticatorRig.HOME;
import static gateway.auth.AuthenticatorRig.basic;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticatorTest {
    private final AuthenticatorRig rig = new AuthenticatorRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void wrongCredentialsAreRefusedAlikeWhoeverTheyAreFor() {
        assertEquals(Admission.Reason.CREDENTIALS, rig.refused(basic("ada", "wrong")));
        assertEquals(Admission.Reason.CREDENTIALS, rig.refused(basic("bob", "wrong")));
        assertEquals(Admission.Reason.CREDENTIALS, rig.refused(basic("nobody", GOOD)));
        assertEquals(Admission.Reason.CREDENTIALS, rig.refused("Bearer nothing"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Basic",
                "Basic ",
                "Basic !!!!",
                "Basic bm9jb2xvbg==",
                "Basic OnBhc3N3b3Jk",
                "Basic YWRhOmEKYg==",
                "Basic YWRhOgA=",
                "Digest username=ada",
                "",
                "Bearer",
                "Negotiate abc",
                "Basicxyz",
                "Basic YWRhOuKAqA=="
            })
    void whatIsNoCredentialIsRefused(String header) {
        assertInstanceOf(Admission.Refused.class, rig.authenticator.authenticate(header, HOME));
    }

    /** One character can be two units of UTF-16, and four bytes of the header. */
    @Test
    void aPasswordOf256CharactersEntersWhicheverTheyAre() {
        var faces = "\ud83d\ude00".repeat(PasswordPolicy.MAX);
        rig.accounts.replace(List.of(rig.accounts.plainUser("ada", faces)), List.of());
        assertEquals("ada", rig.admitted(basic("ada", faces)).principal().name());
        assertEquals(Admission.Reason.MALFORMED, rig.refused(basic("ada", faces + "x")));
    }

    @Test
    void anOverlongHeaderIsRefusedUnread() {
        assertEquals(Admission.Reason.MALFORMED, rig.refused(basic("ada", "x".repeat(4000))));
        assertEquals(Admission.Reason.MALFORMED, rig.refused(basic("a".repeat(65), GOOD)));
        assertEquals(Admission.Reason.MALFORMED, rig.refused(basic("ada", "x".repeat(257))));
        assertEquals(Admission.Reason.MISSING, rig.refused(null));
    }

    @Test
    void everyCharacterOfALongPasswordCounts() {
        String longest = "x".repeat(255);
        rig.accounts.replace(
                List.of(rig.accounts.hashedUser(
                        "ada", Argon2.of((longest + "a").toCharArray()).toString())),
                List.of());
        assertEquals(Admission.Reason.CREDENTIALS, rig.refused(basic("ada", longest + "b")));
        assertEquals(Admission.Reason.CREDENTIALS, rig.refused(basic("ada", longest)));
        assertEquals(
                "ada", rig.admitted(basic("ada", longest + "a")).principal().name());
    }

    @Test
    void goodCredentialsAreVerifiedOnceAndThenRemembered() {
        assertTrue(rig.admitted(basic("ada", GOOD)).fresh());
        assertFalse(rig.admitted(basic("ada", GOOD)).fresh());
        rig.clock.pass(Duration.ofMinutes(10));
        assertTrue(rig.admitted(basic("ada", GOOD)).fresh());
    }

    @Test
    void whoKeepsComingIsNotVerifiedAnew() {
        assertTrue(rig.admitted(basic("ada", GOOD)).fresh());
        for (int i = 0; i < 10; i++) {
            rig.clock.pass(Duration.ofMinutes(6));
            assertFalse(rig.admitted(basic("ada", GOOD)).fresh());
        }
        rig.accounts.replace(List.of(rig.accounts.plainUser("bob", "another one entirely")), List.of());
        assertEquals(Admission.Reason.CREDENTIALS, rig.refused(basic("ada", GOOD)));
    }

    @Test
    void aPasswordWithColonsAndUmlautsIsOne() {
        rig.accounts.replace(List.of(rig.accounts.plainUser("ada", "ä:ö:ü and more than that")), List.of());
        assertEquals(
                "ada",
                rig.admitted(basic("ada", "ä:ö:ü and more than that"))
                        .principal()
                        .name());
        assertEquals(
                "ada",
                rig.admitted(basic("ada", "ä:ö:ü and more than that").replace("Basic", "bAsIc"))
                        .principal()
                        .name());
    }

    @Test
    void theSendingTokenMaySendAndNothingElse() {
        Principal principal = rig.admitted("Bearer " + "t".repeat(32)).principal();
        assertEquals(EnumSet.of(Principal.Scope.SEND), EnumSet.copyOf(principal.scopes()));
        assertEquals(Principal.Kind.TOKEN, principal.kind());
    }

    @Test
    void aChangeOfAccountsHoldsOnTheVeryNextRequest() {
        rig.admitted(basic("ada", GOOD));
        rig.accounts.replace(List.of(rig.accounts.plainUser("bob", "another one entirely")), List.of());
        assertEquals(Admission.Reason.CREDENTIALS, rig.refused(basic("ada", GOOD)));
    }

    @Test
    void twoPasswordsAreGoodUntilTheOldOneEnds() {
        Instant end = rig.clock.instant().plus(Duration.ofHours(1));
        var old = rig.accounts.hashedUser("ada", HASH.toString());
        var fresh = rig.accounts.hashedUser(
                "ada", Argon2.of("the new one of many words".toCharArray()).toString());
        rig.accounts.replace(List.of(rig.accounts.rotating(old, fresh, end)), List.of());
        assertTrue(rig.admitted(basic("ada", GOOD)).retiring());
        assertFalse(rig.admitted(basic("ada", "the new one of many words")).retiring());
        rig.clock.pass(Duration.ofHours(1));
        assertEquals(Admission.Reason.CREDENTIALS, rig.refused(basic("ada", GOOD)));
        assertFalse(rig.admitted(basic("ada", "the new one of many words")).retiring());
    }

    @Test
    void aRememberedPasswordIsForgottenWhenItEnds() {
        Instant end = rig.clock.instant().plus(Duration.ofMinutes(2));
        var old = rig.accounts.hashedUser("ada", HASH.toString());
        rig.accounts.replace(
                List.of(rig.accounts.rotating(old, rig.accounts.plainUser("ada", "fresh fresh fresh fresh"), end)),
                List.of());
        rig.admitted(basic("ada", GOOD));
        rig.clock.pass(Duration.ofMinutes(2));
        assertEquals(Admission.Reason.CREDENTIALS, rig.refused(basic("ada", GOOD)));
    }

    @Test
    void aTokenEndsAtItsTime() {
        var principal =
                new Principal("tok_1", Principal.Kind.TOKEN, EnumSet.of(Principal.Scope.READ), Optional.of("phone"));
        rig.accounts.replace(
                List.of(),
                List.of(new Credentials.Token(
                        principal,
                        Credentials.digest("secret-token"),
                        rig.clock.instant().plusSeconds(5))));
        assertTrue(rig.admitted("Bearer secret-token").principal().mayUse("phone"));
        assertFalse(rig.admitted("Bearer secret-token").principal().mayUse("tablet"));
        rig.clock.pass(Duration.ofSeconds(5));
        assertEquals(Admission.Reason.CREDENTIALS, rig.refused("Bearer secret-token"));
    }

    @Test
    void theUseOfACredentialIsToldAtMostOnceAMinute() {
        var uses = new ArrayList<Instant>();
        var told = new Authenticator(
                source -> new CredentialSource() {
                    @Override
                    public Credentials current() {
                        return source.current();
                    }

                    @Override
                    public void used(Principal principal, Instant when, boolean retiring) {
                        uses.add(when);
                    }
                },
                rig.clock);
        told.configured().replace(List.of(told.configured().plainUser("ada", GOOD)), List.of());
        for (int i = 0; i < 120; i++) {
            told.authenticate(basic("ada", GOOD), HOME);
            rig.clock.pass(Duration.ofSeconds(1));
        }
        assertEquals(2, uses.size());
        told.close();
    }
}
