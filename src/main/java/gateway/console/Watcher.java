package gateway.console;

import java.util.Optional;

import gateway.auth.Grant;
import gateway.auth.Network;
import gateway.auth.Principal;

/**
 * Who opened a socket.
 *
 * @param principal empty where nobody has to say who they are
 * @param site      the client's address, proxies looked through; of IPv6 the /64
 * @param grant     the right by which it was opened
 */
record Watcher(Optional<Principal> principal, Network site, Optional<Grant> grant) {

    /** Whether two sockets are one credential's: a user and a token may have one name. */
    boolean isSamePrincipal(Watcher other) {
        return principal.isPresent()
                && other.principal.isPresent()
                && principal.get().kind() == other.principal.get().kind()
                && principal.get().name().equals(other.principal.get().name());
    }

    boolean isSameSite(Watcher other) {
        return site.equals(other.site);
    }
}
