/**
 * Becoming a linked device: credentials, the payload that registers or logs in, the QR text, the pairing code, and the
 * checks of what the phone signs (web-1 §2.5, §4). Pure: randomness and time come in as arguments.
 */
@NullMarked
package gateway.engine.web.pairing;

import org.jspecify.annotations.NullMarked;
