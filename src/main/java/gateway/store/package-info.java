/**
 * Everything durable: one database (SQLite, or PostgreSQL), read by many threads, written by one that commits in
 * groups. Knows nothing of messages, HTTP or WhatsApp; other rooms bring their SQL.
 */
@NullMarked
package gateway.store;

import org.jspecify.annotations.NullMarked;
