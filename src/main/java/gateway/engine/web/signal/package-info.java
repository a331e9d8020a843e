/**
 * Signal as pure functions: state and input in, new state and output out. A refused message leaves no trace, because
 * every state is immutable and a refusal carries none. Rules: the Signal protocol as WhatsApp's web clients speak it.
 */
@NullMarked
package gateway.engine.web.signal;

import org.jspecify.annotations.NullMarked;
