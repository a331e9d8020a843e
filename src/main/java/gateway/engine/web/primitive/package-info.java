/**
 * What the rooms of the web engine build on: MACs, key derivation, ciphers, raw protobuf fields, and the one refusal of
 * bytes from outside.
 */
@NullMarked
package gateway.engine.web.primitive;

import org.jspecify.annotations.NullMarked;
