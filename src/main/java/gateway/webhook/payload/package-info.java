/**
 * The forms in which an event is written for a receiver: the original's versions 7 and 8. Nothing here delivers.
 */
@NullMarked
package gateway.webhook.payload;

import org.jspecify.annotations.NullMarked;
