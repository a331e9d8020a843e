/**
 * The entry: {@code main}, which reads the command line and hands over to {@code wiring} and {@code command}.
 */
@NullMarked
package gateway;

import org.jspecify.annotations.NullMarked;
