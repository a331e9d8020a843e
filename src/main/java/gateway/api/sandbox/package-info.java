/**
 * What makes things happen on the pretended WhatsApp, under {@code /sandbox}: served only where accounts can have that
 * engine.
 */
@NullMarked
package gateway.api.sandbox;

import org.jspecify.annotations.NullMarked;
