/**
 * The assembly: every part made by a plain constructor and closed in the reverse order.
 * {@link gateway.wiring.RestGateway} reads as the diagram of the server, {@link gateway.wiring.AdminGateway} as that of
 * the Admin API.
 */
@NullMarked
package gateway.wiring;

import org.jspecify.annotations.NullMarked;
