/**
 * Every setting there is: its name, flag, default, limits and help, and the parsers of its text.
 */
package gateway.config.catalogue;
