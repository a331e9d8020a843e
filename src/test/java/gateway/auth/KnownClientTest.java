package gateway.auth;

import static gateway.auth.AuthenticatorRig.basic;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that was verified from an address which has to wait since: what it may, and what nobody else may. */
class KnownClientTest {
    private static final String GOOD = "correct horse battery staple";
    private static final InetAddress HOME = Network.address("192.0.2.1").orElseThrow();
    private static final InetAddress AWAY = Network.address("198.51.100.7").orElseThrow();
    private static Argon2 hash;
    private static Argon2 sameAnew;
    private final MovingClock clock = new MovingClock();
    private Authenticator authenticator;
    private ConfiguredCredentials accounts;

    @BeforeAll
    static void hash() {
        hash = Argon2.of(GOOD.toCharArray());
        sameAnew = Argon2.of(GOOD.toCharArray());
    }

    @BeforeEach
    void create() {
        authenticator = new Authenticator(UnaryOperator.identity(), clock);
        accounts = authenticator.configured();
        accounts.replace(
                List.of(accounts.hashedUser("ada", hash.toString()), accounts.plainUser("bob", "plain-" + GOOD)),
                List.of());
    }

    @AfterEach
    void close() {
        authenticator.close();
    }

    private Admission from(InetAddress address, String header) {
        return authenticator.authenticate(header, address);
    }

    private void guessUntilItWaits(InetAddress address) {
        for (int i = 0; i < 12; i++) {
            from(address, "Bearer guess" + i);
        }
        assertInstanceOf(Admission.Later.class, from(address, "Bearer one more"));
    }

    @Test
    void aChangeOfOtherAccountsLeavesItAlone() {
        assertInstanceOf(Admission.Admitted.class, from(HOME, basic("ada", GOOD)));
        guessUntilItWaits(HOME);
        accounts.replace(List.of(accounts.hashedUser("ada", hash.toString())), List.of());
        assertInstanceOf(Admission.Admitted.class, from(HOME, basic("ada", GOOD)));
    }

    @Test
    void aNewHashOfItsPasswordIsJudgedInSpiteOfTheWait() {
        assertInstanceOf(Admission.Admitted.class, from(HOME, basic("ada", GOOD)));
        guessUntilItWaits(HOME);
        accounts.replace(List.of(accounts.hashedUser("ada", sameAnew.toString())), List.of());
        assertInstanceOf(Admission.Admitted.class, from(HOME, basic("ada", GOOD)));
    }

    @Test
    void afterAnHoursRestItIsJudgedInSpiteOfTheWait() {
        assertInstanceOf(Admission.Admitted.class, from(HOME, basic("ada", GOOD)));
        clock.pass(Duration.ofHours(1));
        guessUntilItWaits(HOME);
        assertTrue(assertInstanceOf(Admission.Admitted.class, from(HOME, basic("ada", GOOD)))
                .fresh());
    }

    @Test
    void aRevokedCredentialIsJudgedOnceAndThenWaitsLikeAnyStranger() {
        assertInstanceOf(Admission.Admitted.class, from(HOME, basic("ada", GOOD)));
        guessUntilItWaits(HOME);
        accounts.replace(List.of(accounts.plainUser("bob", "another one entirely")), List.of());
        assertInstanceOf(Admission.Refused.class, from(HOME, basic("ada", GOOD)));
        assertInstanceOf(Admission.Later.class, from(HOME, basic("ada", GOOD)));
    }

    @Test
    void nobodyElseIsJudgedInSpiteOfTheWait() {
        assertInstanceOf(Admission.Admitted.class, from(HOME, basic("ada", GOOD)));
        guessUntilItWaits(HOME);
        guessUntilItWaits(AWAY);
        accounts.replace(List.of(accounts.hashedUser("ada", sameAnew.toString())), List.of());
        assertInstanceOf(Admission.Later.class, from(HOME, basic("ada", "another password under a known name")));
        assertInstanceOf(Admission.Later.class, from(AWAY, basic("ada", GOOD)));
    }

    @Test
    void aTokenOfOursNeedNotWaitBecauseNobodyGuessesIt() {
        var text = "wagw_" + "Aa0_-".repeat(8) + "xyz";
        var principal = new Principal(
                "tok_1", Principal.Kind.TOKEN, java.util.EnumSet.of(Principal.Scope.READ), java.util.Optional.empty());
        accounts.replace(
                List.of(), List.of(new Credentials.Token(principal, Credentials.digest(text), java.time.Instant.MAX)));
        guessUntilItWaits(HOME);
        assertInstanceOf(Admission.Later.class, from(HOME, "Bearer " + text.replace('x', 'y')));
        assertInstanceOf(Admission.Admitted.class, from(HOME, "Bearer " + text));
    }

    @Test
    void theSameAccountsAgainAreNoChange() {
        long before = accounts.current().generation();
        accounts.replace(
                List.of(accounts.hashedUser("ada", hash.toString()), accounts.plainUser("bob", "plain-" + GOOD)),
                List.of());
        assertEquals(before, accounts.current().generation());
        accounts.replace(List.of(accounts.hashedUser("ada", hash.toString())), List.of());
        assertFalse(before == accounts.current().generation());
    }
}
