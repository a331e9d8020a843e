/**
 * The command line: one class for each sub-command, and the words in which results and errors are told.
 */
package gateway.command;
