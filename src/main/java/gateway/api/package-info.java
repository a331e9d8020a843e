/**
 * The REST contract: one {@code HttpService} per resource. A route reads the request into a record that cannot be
 * wrong, asks {@code messaging} or the account's session, and writes the reply's wire form; it does no work of its own.
 */
@NullMarked
package gateway.api;

import org.jspecify.annotations.NullMarked;
