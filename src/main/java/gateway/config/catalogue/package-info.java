/**
 * Every setting there is: its name, flag, default, limits and help, and the parsers of its text.
 */
@NullMarked
package gateway.config.catalogue;

import org.jspecify.annotations.NullMarked;
