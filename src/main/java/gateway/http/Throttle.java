package gateway.http;

import java.util.function.BiConsumer;

import gateway.auth.Network;
import gateway.auth.Principal;
import gateway.auth.RateLimit;
import gateway.auth.RateLimit.Rate;

/**
 * The guide's two rates: 10 requests a second with a burst of 20, and for what is under {@code /send/} 5 with a burst
 * of 10. Both count there, as both of nginx's zones do. Each principal has both, and so has each address for the
 * requests of clients that are not known. A principal that repeats a refused request at once is told a little later.
 */
public final class Throttle {
    /** The guide's {@code zone=api}. */
    public static final Rate API = new Rate(10, 20);
    /** The guide's {@code zone=send}. */
    public static final Rate SEND = new Rate(5, 10);

    private final String sendPrefix;
    private final RateLimit<Network> addresses;
    private final RateLimit<Network> sendingAddresses;
    private final RateLimit<Who> principals;
    private final RateLimit<Who> sendingPrincipals;
    private final Tarpit<Who> tarpit = new Tarpit<>();

    /** A user and a token may have one name. */
    private record Who(Principal.Kind kind, String name) {}

    /** @param basePath what stands before {@code /send/}: empty, or like {@code /wa} */
    public Throttle(String basePath, Rate api, Rate send) {
        this.sendPrefix = basePath + "/send/";
        this.addresses = new RateLimit<>(api);
        this.principals = new RateLimit<>(api);
        this.sendingAddresses = new RateLimit<>(send);
        this.sendingPrincipals = new RateLimit<>(send);
    }

    void address(Exchange exchange, String path, BiConsumer<Exchange, String> refused) {
        Network site = Network.site(exchange.client());
        take(exchange, addresses.take(site), addresses.unlimited(), "address", refused);
        if (path.startsWith(sendPrefix)) {
            take(exchange, sendingAddresses.take(site), sendingAddresses.unlimited(), "send_address", refused);
        }
    }

    void principal(Exchange exchange, Principal principal, String path, BiConsumer<Exchange, String> refused) {
        var who = new Who(principal.kind(), principal.name());
        BiConsumer<Exchange, String> held = (told, limit) -> {
            refused.accept(told, limit);
            tarpit.refuse(who);
        };
        take(exchange, principals.take(who), principals.unlimited(), "principal", held);
        if (path.startsWith(sendPrefix)) {
            take(exchange, sendingPrincipals.take(who), sendingPrincipals.unlimited(), "send_principal", held);
        }
    }

    /** Headers as draft-ietf-httpapi-ratelimit-headers-06 names them, which the guide's own example library sends. */
    private static void take(
            Exchange exchange,
            RateLimit.Answer answer,
            boolean unlimited,
            String limit,
            BiConsumer<Exchange, String> refused) {
        if (unlimited) {
            return;
        }
        exchange.header("RateLimit-Limit", Integer.toString(answer.limit()));
        exchange.header("RateLimit-Remaining", Integer.toString(answer.remaining()));
        exchange.header("RateLimit-Reset", Long.toString(answer.reset()));
        if (!answer.allowed()) {
            refused.accept(exchange, limit);
            throw Problem.tooMany("Too many requests.", answer.retry());
        }
    }
}
