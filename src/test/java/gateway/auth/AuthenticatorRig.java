package gateway.auth;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;

/** An authenticator with one hashed user, one plain user and a token, at a clock that a test moves. */
final class AuthenticatorRig implements AutoCloseable {
    static final String GOOD = "correct horse battery staple";
    static final InetAddress HOME = Network.address("192.0.2.1").orElseThrow();
    static final InetAddress AWAY = Network.address("198.51.100.7").orElseThrow();
    static final Argon2 HASH = Argon2.of(GOOD.toCharArray());
    final MovingClock clock = new MovingClock();
    final Authenticator authenticator;
    final ConfiguredCredentials accounts;

    AuthenticatorRig() {
        authenticator = new Authenticator(UnaryOperator.identity(), clock);
        accounts = authenticator.configured();
        accounts.replace(
                List.of(accounts.hashedUser("ada", HASH.toString()), accounts.plainUser("bob", "plain-" + GOOD)),
                List.of(accounts.sendingToken("t".repeat(32), java.time.Instant.MAX)));
    }

    @Override
    public void close() {
        authenticator.close();
    }

    static String basic(String name, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    Admission.Reason refused(String header) {
        return assertInstanceOf(Admission.Refused.class, authenticator.authenticate(header, HOME))
                .reason();
    }

    Admission.Admitted admitted(String header) {
        return assertInstanceOf(Admission.Admitted.class, authenticator.authenticate(header, HOME));
    }
}
