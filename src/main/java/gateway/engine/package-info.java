/**
 * The seam to WhatsApp. An {@link gateway.engine.Engine} opens one {@link gateway.engine.Session} per account; what the
 * session is told to do returns, what happens on WhatsApp comes back as an {@link gateway.engine.Event}. The seam knows no
 * HTTP, no webhooks and no other room's tables. An engine is handed a {@link gateway.store.Store} as its state, in which it
 * has tables of its own; it may add rows of them to the transaction that stores its events.
 */
package gateway.engine;
