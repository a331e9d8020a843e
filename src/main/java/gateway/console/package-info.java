/**
 * The web page at {@code /}: its files, what it asks of the gateway besides the API, and the live feed of {@code /ws}.
 */
@NullMarked
package gateway.console;

import org.jspecify.annotations.NullMarked;
