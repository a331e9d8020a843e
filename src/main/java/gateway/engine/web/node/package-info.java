/**
 * The binary XML of WhatsApp's web protocol: nodes with a tag, attributes and content, packed by dictionary version 3.
 * A decoder reads a stranger's bytes within named bounds of size, depth and number.
 */
@NullMarked
package gateway.engine.web.node;

import org.jspecify.annotations.NullMarked;
