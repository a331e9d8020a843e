/**
 * The command line: one class for each sub-command, and the words in which results and errors are told.
 */
@NullMarked
package gateway.command;

import org.jspecify.annotations.NullMarked;
