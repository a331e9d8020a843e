package gateway.auth;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * The right of one verified credential, for what goes on longer than its request: a WebSocket, a long download. It is
 * asked again while that lasts (OWASP ASVS 7.4.2, 8.3.2).
 */
public final class Grant {
    private final Rights rights;
    private final Recognition evidence;

    Grant(Rights rights, Recognition evidence) {
        this.rights = rights;
        this.evidence = evidence;
    }

    Recognition evidence() {
        return evidence;
    }

    /**
     * Whom the credential stands for now; empty when it was revoked or replaced, or has ended.
     *
     * @throws RuntimeException of the account source, when that cannot be asked
     */
    public Optional<Principal> now() {
        return rights.of(this);
    }

    /**
     * Follows the right until it is lost or the result is run.
     *
     * @param changed called soon after the principal changed, and with empty once the right is lost. Must not block
     * @return ends the following
     */
    public Runnable follow(Consumer<Optional<Principal>> changed) {
        return rights.follow(this, changed);
    }
}
