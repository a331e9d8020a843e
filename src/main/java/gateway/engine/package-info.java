/**
 * The seam to WhatsApp. An {@link gateway.engine.Engine} opens one {@link gateway.engine.Session} per account; what the
 * session is told to do returns, what happens on WhatsApp comes back as an {@link gateway.engine.Event}. Nothing on this
 * side of the seam knows HTTP or webhooks. What an engine must not forget it keeps in tables of its own, through the store
 * it is handed: {@code sandbox_*}, {@code web_*}. It reads and writes no other room's tables.
 */
@NullMarked
package gateway.engine;

import org.jspecify.annotations.NullMarked;
