/**
 * Files that clients send or name by URL: taken in, sniffed, measured and bounded before an engine sees them.
 */
@NullMarked
package gateway.api.media;

import org.jspecify.annotations.NullMarked;
