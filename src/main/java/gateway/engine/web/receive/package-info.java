/**
 * What comes in, read and judged before anything is done about it: who wrote a message where, what a receipt says,
 * which devices a person has; and the stanzas that answer (web-1 §5.5, web-2 §3). Pure.
 */
@NullMarked
package gateway.engine.web.receive;

import org.jspecify.annotations.NullMarked;
