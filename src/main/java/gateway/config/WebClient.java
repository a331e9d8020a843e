package gateway.config;

import java.util.Optional;

/**
 * How linked devices reach WhatsApp, and what they claim to be.
 *
 * @param version of the web client; empty to find the newest
 * @param proxy by which accounts leave that have none of their own
 */
public record WebClient(Optional<String> version, Optional<ProxyAddress> proxy) {}
