package gateway.auth;

import java.time.Instant;
import java.util.Optional;

/**
 * What a credential was recognised by: enough to find its right again among changed accounts, without the credential
 * and without a slow hash.
 */
sealed interface Recognition {
    /**
     * The right that a credential has.
     *
     * @param notAfter when the credential ends; {@link Instant#MAX} for never
     */
    record Right(Principal principal, Instant notAfter) {}

    /** The right in these accounts; empty when the credential was revoked, replaced, or has ended. */
    Optional<Right> in(Credentials accounts, Instant now);

    /** A password of a user, in the form that matched. */
    record OfPassword(String user, Password.Form form) implements Recognition {
        @Override
        public Optional<Right> in(Credentials accounts, Instant now) {
            return accounts.user(user)
                    .flatMap(found -> found.passwords().stream()
                            .filter(password ->
                                    password.live(now) && password.form().equals(form))
                            .findFirst()
                            .map(password -> new Right(found.principal(), password.notAfter())));
        }
    }

    /** The SHA-256 of a token's text, in hexadecimal. */
    record OfToken(String digest) implements Recognition {
        @Override
        public Optional<Right> in(Credentials accounts, Instant now) {
            return accounts.tokenOf(digest)
                    .filter(token -> now.isBefore(token.notAfter()))
                    .map(token -> new Right(token.principal(), token.notAfter()));
        }
    }
}
