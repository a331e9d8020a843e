/**
 * The documents of the tree: rendered as HTML by {@code make site}, their links followed by a test. Not part of the
 * program.
 */
package gateway.site;
