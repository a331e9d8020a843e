/**
 * The encrypted stream below the nodes: frames, the Noise XX handshake with the server's certificate chain checked in
 * full, and the two ciphers after it (web-1 §1.2, §2).
 */
@NullMarked
package gateway.engine.web.noise;

import org.jspecify.annotations.NullMarked;
