/**
 * The pages under {@code src/site/markdown/reference} and the man page: made from the program, and held current by a
 * test.
 */
package gateway.reference;
