/**
 * The seam to WhatsApp. An {@link gateway.engine.Engine} opens one {@link gateway.engine.Session} per account; what the
 * session is told to do returns, what happens on WhatsApp comes back as an {@link gateway.engine.Event}. Nothing on this
 * side of the seam knows HTTP, the database's tables or webhooks.
 */
@NullMarked
package gateway.engine;

import org.jspecify.annotations.NullMarked;
