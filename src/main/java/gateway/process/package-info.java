/**
 * What a process needs whatever it does: how it ends, how the system's refusals are told apart, which workers run in it,
 * and what marks a request of its own checks. Leans on the room {@code config} alone.
 */
@NullMarked
package gateway.process;

import org.jspecify.annotations.NullMarked;
