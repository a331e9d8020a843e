package gateway.auth;

import static gateway.auth.AuthenticatorRig.AWAY;
import static gateway.auth.AuthenticatorRig.GOOD;
import static gateway.auth.AuthenticatorRig.HASH;
import static gateway.auth.AuthenticatorRig.HOME;
import static gateway.auth.AuthenticatorRig.basic;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever guesses waits, whoever knows does not, and no flood of logins costs more than it may. */
class GuessingTest {
    private final AuthenticatorRig rig = new AuthenticatorRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void elevenFailuresCostTheAddressAWaitThatDoubles() {
        for (int i = 0; i < 9; i++) {
            rig.refused(basic("bob", "guess" + i));
        }
        assertTrue(assertInstanceOf(Admission.Refused.class, rig.authenticator.authenticate(basic("bob", "x"), HOME))
                .startsWait());
        var later = assertInstanceOf(Admission.Later.class, rig.authenticator.authenticate(basic("bob", "y"), HOME));
        assertEquals(30, later.seconds());
        assertEquals(1, rig.authenticator.activeBackoffs());
        rig.clock.pass(Duration.ofSeconds(30));
        assertEquals(Admission.Reason.CREDENTIALS, rig.refused(basic("bob", "z")));
        assertEquals(
                60,
                assertInstanceOf(Admission.Later.class, rig.authenticator.authenticate(basic("bob", "y"), HOME))
                        .seconds());
    }

    @Test
    void aFloodOfGuessesLeavesRememberedClientsOfTheSameAddressAlone() {
        rig.admitted(basic("ada", GOOD));
        for (int i = 0; i < 500; i++) {
            rig.authenticator.authenticate(basic("ada", "guess" + i), HOME);
        }
        assertInstanceOf(Admission.Later.class, rig.authenticator.authenticate(basic("ada", "one more"), HOME));
        assertEquals("ada", rig.admitted(basic("ada", GOOD)).principal().name());
    }

    @Test
    void noAccountIsEverLockedOut() {
        for (int i = 0; i < 100; i++) {
            rig.authenticator.authenticate(basic("ada", "guess" + i), AWAY);
        }
        assertEquals("ada", rig.admitted(basic("ada", GOOD)).principal().name());
    }

    @Test
    void aWaitingAddressCannotGuessAtWhatAnotherOneHasVerified() {
        rig.admitted(basic("ada", GOOD));
        for (int i = 0; i < 20; i++) {
            rig.authenticator.authenticate(basic("bob", "guess" + i), AWAY);
        }
        assertInstanceOf(Admission.Later.class, rig.authenticator.authenticate(basic("ada", GOOD), AWAY));
    }

    @Test
    void tooManyLoginsAtOnceAreToldToComeBack() throws Exception {
        List<Admission> verdicts = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Admission>> attempts = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                InetAddress from = Network.address("203.0.113." + i).orElseThrow();
                String header = basic("ada", "guess" + i);
                attempts.add(threads.submit(() -> rig.authenticator.authenticate(header, from)));
            }
            for (Future<Admission> attempt : attempts) {
                verdicts.add(attempt.get());
            }
        }
        assertTrue(verdicts.stream()
                .anyMatch(v -> v instanceof Admission.Later later
                        && later.reason() == Admission.Reason.BUSY
                        && later.seconds() > 0));
        assertTrue(verdicts.stream().noneMatch(Admission.Admitted.class::isInstance));
    }

    @Test
    void whoStandsInLineWhenItsAddressBeginsToWaitIsNotHashed() {
        int refused = 0;
        boolean waits = false;
        for (int round = 0; !waits && round < 20; round++) {
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var attempts = Stream.generate(() ->
                                threads.submit(() -> rig.authenticator.authenticate(basic("ada", "a guess"), AWAY)))
                        .limit(8)
                        .toList()
                        .stream()
                        .map(GuessingTest::join)
                        .toList();
                refused += attempts.stream()
                        .filter(Admission.Refused.class::isInstance)
                        .count();
                waits = attempts.stream()
                        .anyMatch(
                                v -> v instanceof Admission.Later later && later.reason() == Admission.Reason.BACKOFF);
            }
        }
        assertTrue(waits);
        assertEquals(10, refused);
    }

    private static Admission join(Future<Admission> attempt) {
        try {
            return attempt.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Forty hashes would take ten times the patience; one may be late on a busy machine, so there is more than one try.
     */
    @Test
    void theConnectionsOfOneClientNeedOneHashTogether() {
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            rig.accounts.replace(List.of(rig.accounts.hashedUser("ada", HASH.toString())), List.of());
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var attempts = Stream.generate(
                                () -> threads.submit(() -> rig.authenticator.authenticate(basic("ada", GOOD), HOME)))
                        .limit(40)
                        .toList();
                return attempts.stream().allMatch(attempt -> join(attempt) instanceof Admission.Admitted);
            }
        });
    }
}
