/**
 * The security log: one JSON line for each event, chained by hashes, signed at checkpoints, and verified.
 */
@NullMarked
package gateway.audit;

import org.jspecify.annotations.NullMarked;
