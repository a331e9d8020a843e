/**
 * HTTP to addresses that others chose: a guard that refuses private networks, a connection pinned to the address that
 * was checked, and one deadline over the whole exchange.
 */
@NullMarked
package gateway.outbound;

import org.jspecify.annotations.NullMarked;
