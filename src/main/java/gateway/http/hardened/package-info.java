/**
 * The listener itself, with what Helidon lacks: deadlines for each phase of a request, shares of connections and
 * requests by client address, strict framing, and replies that are written in time. This room shrinks as Helidon
 * learns.
 */
@NullMarked
package gateway.http.hardened;

import org.jspecify.annotations.NullMarked;
