/**
 * The tables in which the multi-device engine keeps what it must not forget: keys, addresses, and the bytes on their
 * way out. Secrets are sealed before a transaction begins.
 */
@NullMarked
package gateway.engine.web.book;

import org.jspecify.annotations.NullMarked;
