/**
 * The engine that speaks WhatsApp's multi-device protocol: {@link gateway.engine.web.WebSession} above its wings. Key
 * state, the message's row and the bytes to be sent are one transaction; the socket is touched after the commit.
 */
@NullMarked
package gateway.engine.web;

import org.jspecify.annotations.NullMarked;
