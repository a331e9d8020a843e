package gateway.auth;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

class AuthenticatorTest {
    private static final String GOOD = "correct horse battery staple";
    private static final InetAddress HOME = Network.address("192.0.2.1").orElseThrow();
    private static final InetAddress AWAY = Network.address("198.51.100.7").orElseThrow();
    private static Argon2 hash;
    private final MovingClock clock = new MovingClock();
    private Authenticator authenticator;
    private ConfiguredCredentials accounts;

    @BeforeAll
    static void hash() {
        hash = Argon2.of(GOOD.toCharArray());
    }

    @BeforeEach
    void create() {
        authenticator = new Authenticator(UnaryOperator.identity(), clock);
        accounts = authenticator.configured();
        accounts.replace(List.of(accounts.hashedUser("ada", hash.toString()), accounts.plainUser("bob", "plain-" + GOOD)),
                List.of(accounts.sendingToken("t".repeat(32), java.time.Instant.MAX)));
    }

    @AfterEach
    void close() {
        authenticator.close();
    }

    static String basic(String name, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private Verdict.Reason refused(String header) {
        return assertInstanceOf(Verdict.Refused.class, authenticator.authenticate(header, HOME)).reason();
    }

    private Verdict.Admitted admitted(String header) {
        return assertInstanceOf(Verdict.Admitted.class, authenticator.authenticate(header, HOME));
    }

    @Test
    void wrongCredentialsAreRefusedAlikeWhoeverTheyAreFor() {
        assertEquals(Verdict.Reason.CREDENTIALS, refused(basic("ada", "wrong")));
        assertEquals(Verdict.Reason.CREDENTIALS, refused(basic("bob", "wrong")));
        assertEquals(Verdict.Reason.CREDENTIALS, refused(basic("nobody", GOOD)));
        assertEquals(Verdict.Reason.CREDENTIALS, refused("Bearer nothing"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic", "Basic ", "Basic !!!!", "Basic bm9jb2xvbg==", "Basic OnBhc3N3b3Jk", "Basic YWRhOmEKYg==",
        "Basic YWRhOgA=", "Digest username=ada", "", "Bearer", "Negotiate abc", "Basicxyz", "Basic YWRhOuKAqA=="})
    void whatIsNoCredentialIsRefused(String header) {
        assertInstanceOf(Verdict.Refused.class, authenticator.authenticate(header, HOME));
    }

    @Test
    void anOverlongHeaderIsRefusedUnread() {
        assertEquals(Verdict.Reason.MALFORMED, refused(basic("ada", "x".repeat(4000))));
        assertEquals(Verdict.Reason.MALFORMED, refused(basic("a".repeat(65), GOOD)));
        assertEquals(Verdict.Reason.MALFORMED, refused(basic("ada", "x".repeat(257))));
        assertEquals(Verdict.Reason.MISSING, refused(null));
    }

    @Test
    void everyCharacterOfALongPasswordCounts() {
        String longest = "x".repeat(255);
        accounts.replace(List.of(accounts.hashedUser("ada", Argon2.of((longest + "a").toCharArray()).toString())), List.of());
        assertEquals(Verdict.Reason.CREDENTIALS, refused(basic("ada", longest + "b")));
        assertEquals(Verdict.Reason.CREDENTIALS, refused(basic("ada", longest)));
        assertEquals("ada", admitted(basic("ada", longest + "a")).principal().name());
    }

    @Test
    void goodCredentialsAreVerifiedOnceAndThenRemembered() {
        assertTrue(admitted(basic("ada", GOOD)).fresh());
        assertFalse(admitted(basic("ada", GOOD)).fresh());
        clock.pass(Duration.ofMinutes(10));
        assertTrue(admitted(basic("ada", GOOD)).fresh());
    }

    @Test
    void whoKeepsComingIsNotVerifiedAnew() {
        assertTrue(admitted(basic("ada", GOOD)).fresh());
        for (int i = 0; i < 10; i++) {
            clock.pass(Duration.ofMinutes(6));
            assertFalse(admitted(basic("ada", GOOD)).fresh());
        }
        accounts.replace(List.of(accounts.plainUser("bob", "another one entirely")), List.of());
        assertEquals(Verdict.Reason.CREDENTIALS, refused(basic("ada", GOOD)));
    }

    @Test
    void aPasswordWithColonsAndUmlautsIsOne() {
        accounts.replace(List.of(accounts.plainUser("ada", "ä:ö:ü and more than that")), List.of());
        assertEquals("ada", admitted(basic("ada", "ä:ö:ü and more than that")).principal().name());
        assertEquals("ada", admitted(basic("ada", "ä:ö:ü and more than that").replace("Basic", "bAsIc")).principal().name());
    }

    @Test
    void theSendingTokenMaySendAndNothingElse() {
        Principal principal = admitted("Bearer " + "t".repeat(32)).principal();
        assertEquals(EnumSet.of(Principal.Scope.SEND), EnumSet.copyOf(principal.scopes()));
        assertEquals(Principal.Kind.TOKEN, principal.kind());
    }

    @Test
    void aChangeOfAccountsHoldsOnTheVeryNextRequest() {
        admitted(basic("ada", GOOD));
        accounts.replace(List.of(accounts.plainUser("bob", "another one entirely")), List.of());
        assertEquals(Verdict.Reason.CREDENTIALS, refused(basic("ada", GOOD)));
    }

    @Test
    void twoPasswordsAreGoodUntilTheOldOneEnds() {
        Instant end = clock.instant().plus(Duration.ofHours(1));
        var old = accounts.hashedUser("ada", hash.toString());
        var fresh = accounts.hashedUser("ada", Argon2.of("the new one of many words".toCharArray()).toString());
        accounts.replace(List.of(accounts.rotating(old, fresh, end)), List.of());
        assertTrue(admitted(basic("ada", GOOD)).retiring());
        assertFalse(admitted(basic("ada", "the new one of many words")).retiring());
        clock.pass(Duration.ofHours(1));
        assertEquals(Verdict.Reason.CREDENTIALS, refused(basic("ada", GOOD)));
        assertFalse(admitted(basic("ada", "the new one of many words")).retiring());
    }

    @Test
    void aRememberedPasswordIsForgottenWhenItEnds() {
        Instant end = clock.instant().plus(Duration.ofMinutes(2));
        var old = accounts.hashedUser("ada", hash.toString());
        accounts.replace(List.of(accounts.rotating(old, accounts.plainUser("ada", "fresh fresh fresh fresh"), end)), List.of());
        admitted(basic("ada", GOOD));
        clock.pass(Duration.ofMinutes(2));
        assertEquals(Verdict.Reason.CREDENTIALS, refused(basic("ada", GOOD)));
    }

    @Test
    void aTokenEndsAtItsTime() {
        var principal = new Principal("tok_1", Principal.Kind.TOKEN, EnumSet.of(Principal.Scope.READ), Optional.of("phone"));
        accounts.replace(List.of(), List.of(
                new Credentials.Token(principal, Credentials.digest("secret-token"), clock.instant().plusSeconds(5))));
        assertTrue(admitted("Bearer secret-token").principal().mayUse("phone"));
        assertFalse(admitted("Bearer secret-token").principal().mayUse("tablet"));
        clock.pass(Duration.ofSeconds(5));
        assertEquals(Verdict.Reason.CREDENTIALS, refused("Bearer secret-token"));
    }

    @Test
    void elevenFailuresCostTheAddressAWaitThatDoubles() {
        for (int i = 0; i < 9; i++) {
            refused(basic("bob", "guess" + i));
        }
        assertTrue(assertInstanceOf(Verdict.Refused.class, authenticator.authenticate(basic("bob", "x"), HOME)).startsWait());
        var later = assertInstanceOf(Verdict.Later.class, authenticator.authenticate(basic("bob", "y"), HOME));
        assertEquals(30, later.seconds());
        assertEquals(1, authenticator.activeBackoffs());
        clock.pass(Duration.ofSeconds(30));
        assertEquals(Verdict.Reason.CREDENTIALS, refused(basic("bob", "z")));
        assertEquals(60, assertInstanceOf(Verdict.Later.class, authenticator.authenticate(basic("bob", "y"), HOME)).seconds());
    }

    @Test
    void aFloodOfGuessesLeavesRememberedClientsOfTheSameAddressAlone() {
        admitted(basic("ada", GOOD));
        for (int i = 0; i < 500; i++) {
            authenticator.authenticate(basic("ada", "guess" + i), HOME);
        }
        assertInstanceOf(Verdict.Later.class, authenticator.authenticate(basic("ada", "one more"), HOME));
        assertEquals("ada", admitted(basic("ada", GOOD)).principal().name());
    }

    @Test
    void noAccountIsEverLockedOut() {
        for (int i = 0; i < 100; i++) {
            authenticator.authenticate(basic("ada", "guess" + i), AWAY);
        }
        assertEquals("ada", admitted(basic("ada", GOOD)).principal().name());
    }

    @Test
    void aWaitingAddressCannotGuessAtWhatAnotherOneHasVerified() {
        admitted(basic("ada", GOOD));
        for (int i = 0; i < 20; i++) {
            authenticator.authenticate(basic("bob", "guess" + i), AWAY);
        }
        assertInstanceOf(Verdict.Later.class, authenticator.authenticate(basic("ada", GOOD), AWAY));
    }

    @Test
    void tooManyLoginsAtOnceAreToldToComeBack() throws Exception {
        List<Verdict> verdicts = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Verdict>> attempts = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                InetAddress from = Network.address("203.0.113." + i).orElseThrow();
                String header = basic("ada", "guess" + i);
                attempts.add(threads.submit(() -> authenticator.authenticate(header, from)));
            }
            for (Future<Verdict> attempt : attempts) {
                verdicts.add(attempt.get());
            }
        }
        assertTrue(verdicts.stream().anyMatch(v -> v instanceof Verdict.Later later
                && later.reason() == Verdict.Reason.BUSY && later.seconds() > 0));
        assertTrue(verdicts.stream().noneMatch(Verdict.Admitted.class::isInstance));
    }

    @Test
    void whoStandsInLineWhenItsAddressBeginsToWaitIsNotHashed() {
        int refused = 0;
        boolean waits = false;
        for (int round = 0; !waits && round < 20; round++) {
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var attempts = Stream.generate(() -> threads.submit(() -> authenticator.authenticate(basic("ada", "a guess"), AWAY)))
                        .limit(8).toList().stream().map(AuthenticatorTest::join).toList();
                refused += attempts.stream().filter(Verdict.Refused.class::isInstance).count();
                waits = attempts.stream().anyMatch(v -> v instanceof Verdict.Later later && later.reason() == Verdict.Reason.BACKOFF);
            }
        }
        assertTrue(waits);
        assertEquals(10, refused);
    }

    private static Verdict join(Future<Verdict> attempt) {
        try {
            return attempt.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** Forty hashes would take ten times the patience; one may be late on a busy machine, so there is more than one try. */
    @Test
    void theConnectionsOfOneClientNeedOneHashTogether() {
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            accounts.replace(List.of(accounts.hashedUser("ada", hash.toString())), List.of());
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var attempts = Stream.generate(() -> threads.submit(() -> authenticator.authenticate(basic("ada", GOOD), HOME)))
                        .limit(40).toList();
                return attempts.stream().allMatch(attempt -> join(attempt) instanceof Verdict.Admitted);
            }
        });
    }

    @Test
    void theUseOfACredentialIsToldAtMostOnceAMinute() {
        var uses = new ArrayList<Instant>();
        var told = new Authenticator(source -> new CredentialSource() {
            @Override
            public Credentials current() {
                return source.current();
            }

            @Override
            public void used(Principal principal, Instant when, boolean retiring) {
                uses.add(when);
            }
        }, clock);
        told.configured().replace(List.of(told.configured().plainUser("ada", GOOD)), List.of());
        for (int i = 0; i < 120; i++) {
            told.authenticate(basic("ada", GOOD), HOME);
            clock.pass(Duration.ofSeconds(1));
        }
        assertEquals(2, uses.size());
        told.close();
    }
}
