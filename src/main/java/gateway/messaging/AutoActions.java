package gateway.messaging;

import java.time.Duration;
import java.util.Optional;

/**
 * What the gateway does by itself when something comes in.
 *
 * @param reply the words that answer a personal message; empty for none
 * @param pause between two such answers to the same person. Two gateways that answer each other would otherwise never
 *     stop
 * @param markRead whether messages that came in are marked as read
 * @param rejectCalls whether calls are turned down
 */
public record AutoActions(Optional<String> reply, Duration pause, boolean markRead, boolean rejectCalls) {
    /** Nothing by itself. */
    public static final AutoActions NONE = new AutoActions(Optional.empty(), Duration.ofMinutes(10), false, false);
}
