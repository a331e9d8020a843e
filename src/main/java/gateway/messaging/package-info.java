/**
 * What the gateway is for. Outward: accept, keep, send in order, mark. Inward: store the event and what every webhook
 * must hear of it in one transaction, then let the engine acknowledge. Two hand-overs, each a row in the database.
 */
@NullMarked
package gateway.messaging;

import org.jspecify.annotations.NullMarked;
