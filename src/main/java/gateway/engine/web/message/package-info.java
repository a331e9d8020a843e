/**
 * What is done to an encoded message before it is encrypted and after it was decrypted: padding, the wrapper for our
 * own devices, hashes and tokens beside it, and the second encryption by a message secret. Pure functions over bytes.
 */
@NullMarked
package gateway.engine.web.message;

import org.jspecify.annotations.NullMarked;
