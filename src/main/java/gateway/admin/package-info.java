/**
 * The Admin API: instances of the gateway, each with a port, a directory, credentials and a webhook of its own, and the
 * two supervisors that run them. Knows nothing of messages.
 */
@NullMarked
package gateway.admin;

import org.jspecify.annotations.NullMarked;
