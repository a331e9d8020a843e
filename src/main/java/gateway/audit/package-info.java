/**
 * The security log: one JSON line for each event, chained by hashes, signed at checkpoints, and verified.
 */
package gateway.audit;
