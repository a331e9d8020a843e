package gateway.auth;

import static gateway.auth.AuthenticatorRig.basic;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The work of a wrong password tells nothing of the user it was for, however unlike the costs of the hashes are. */
class PaddingTest {
    private static final InetAddress HOME = Network.address("192.0.2.1").orElseThrow();
    private final MovingClock clock = new MovingClock();
    private final Authenticator authenticator = new Authenticator(UnaryOperator.identity(), clock);
    private final ConfiguredCredentials accounts = authenticator.configured();

    @AfterEach
    void close() {
        authenticator.close();
    }

    private static Argon2 hash(int memoryKiB, int passes) {
        return new Argon2(memoryKiB, passes, 1, new byte[16], new byte[32]);
    }

    private Credentials.User hashed(String name, int memoryKiB, int passes) {
        return accounts.hashedUser(name, hash(memoryKiB, passes).toString());
    }

    /** KiB blocks that one wrong password asks for. */
    private long work(String name) {
        long before = authenticator.hashingWork();
        assertInstanceOf(Admission.Refused.class, authenticator.authenticate(basic(name, "wrong"), HOME));
        return authenticator.hashingWork() - before;
    }

    @Test
    void everyNameCostsWhatTheCostliestDoes() {
        accounts.replace(
                List.of(
                        hashed("cheap", 64, 1),
                        hashed("dear", 1024, 3),
                        hashed("long", 512, 6),
                        accounts.plainUser("clear", "a password given in clear")),
                List.of());
        long expected = 64 + 1024 * 3 + 512 * 6;
        for (String name : List.of("cheap", "dear", "long", "clear", "nobody")) {
            assertEquals(expected, work(name), name);
        }
    }

    @Test
    void soItIsWithTwoPasswordsOfOneUserAndAfterOneOfThemEnded() {
        var old = hashed("ada", 64, 1);
        accounts.replace(
                List.of(
                        accounts.rotating(
                                old, hashed("ada", 1024, 3), clock.instant().plusSeconds(60)),
                        hashed("bob", 64, 1),
                        new Credentials.User(
                                Principal.user("eve"),
                                List.of(Password.hashed(hash(64, 1)), Password.hashed(hash(64, 1), Instant.MAX)))),
                List.of());
        long expected = 64 + 64 + 1024 * 3;
        assertEquals(expected, work("ada"));
        assertEquals(expected, work("nobody"));
        clock.pass(Duration.ofMinutes(1));
        for (String name : List.of("ada", "bob", "eve", "nobody")) {
            assertEquals(expected, work(name), name);
        }
    }
}
