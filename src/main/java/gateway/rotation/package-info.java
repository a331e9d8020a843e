/**
 * Gives every kind of secret a new value without a moment at which a client, a receiver or the database is refused.
 * Works beside a running server, which takes each step over by itself.
 */
@NullMarked
package gateway.rotation;

import org.jspecify.annotations.NullMarked;
