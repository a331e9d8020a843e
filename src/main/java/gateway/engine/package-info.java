/**
 * The seam to WhatsApp. An {@link gateway.engine.Engine} opens one {@link gateway.engine.Session} per account; what the
 * session is told to do returns, what happens on WhatsApp comes back as an {@link gateway.engine.Event}. The seam knows
 * no HTTP and no webhooks. What an engine must not forget it keeps in tables of its own, through the
 * {@link gateway.store.Store} it is handed: {@code sandbox_*}, {@code web_*}. It reads and writes no other room's
 * tables, and may add rows of its own to the transaction that stores its events.
 */
@NullMarked
package gateway.engine;

import org.jspecify.annotations.NullMarked;
