/**
 * Files on their way: key derivation, encryption and decryption as streams, the media retry. Pure but for the
 * streams.
 */
@NullMarked
package gateway.engine.web.media;

import org.jspecify.annotations.NullMarked;
