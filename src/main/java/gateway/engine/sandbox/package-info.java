/**
 * An engine without WhatsApp: it pretends to be the network, keeps what it pretends on disk, and can be told what
 * should happen. For building and testing an integration offline.
 */
@NullMarked
package gateway.engine.sandbox;

import org.jspecify.annotations.NullMarked;
