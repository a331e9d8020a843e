package gateway.webhook.payload;

import java.util.Optional;

import gateway.engine.Jid;

/**
 * Whose event it is.
 *
 * @param device the gateway's name of the account
 * @param jid its address on WhatsApp; empty while it is not paired
 */
public record Account(String device, Optional<Jid> jid) {}
