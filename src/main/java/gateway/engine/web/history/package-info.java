/** History: the chunks of earlier conversations that the phone hands over after pairing or when asked. */
@NullMarked
package gateway.engine.web.history;

import org.jspecify.annotations.NullMarked;
