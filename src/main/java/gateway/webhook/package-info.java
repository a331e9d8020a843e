/**
 * Webhooks: the endpoints that hear of events, the durable queue of deliveries, and the attempts with their retries,
 * signatures and health. An event is one row per endpoint in the transaction that stores it; a delivery ends as
 * delivered, dead or set aside.
 */
@NullMarked
package gateway.webhook;

import org.jspecify.annotations.NullMarked;
