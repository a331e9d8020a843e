/**
 * Files that clients send or name by URL: taken in, sniffed, measured and bounded before an engine sees them.
 */
package gateway.api.media;
