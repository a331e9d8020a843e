/** SHA-256 for all rooms. */
@NullMarked
package gateway.digest;

import org.jspecify.annotations.NullMarked;
