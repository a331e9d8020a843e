package gateway.config;

import java.util.List;
import java.util.Optional;

/**
 * How linked devices reach WhatsApp, and what they claim to be.
 *
 * @param version of the web client; empty to find the newest
 * @param proxy by which accounts leave that have none of their own
 * @param allowedProxies blocks of addresses that are not public, and that an account's own proxy may have
 */
public record WebClient(Optional<String> version, Optional<ProxyAddress> proxy, List<Cidr> allowedProxies) {
    public WebClient {
        allowedProxies = List.copyOf(allowedProxies);
    }
}
