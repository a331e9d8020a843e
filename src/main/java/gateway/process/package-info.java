/**
 * What a process needs whatever it does: how it ends, how the system's refusals are told apart, and which workers run
 * in it. Leans on no other room.
 */
@NullMarked
package gateway.process;

import org.jspecify.annotations.NullMarked;
