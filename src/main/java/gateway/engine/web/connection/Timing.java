package gateway.engine.web.connection;

import java.time.Duration;

/**
 * The durations of a connection.
 *
 * @param open      for the WebSocket, and again for the handshake
 * @param write     for one frame to leave
 * @param request   for an answer, unless the caller says otherwise
 * @param keepAlive the shortest pause between two signs of life; the longest is half as long again
 * @param silence   without any byte from the server after which the connection is lost; longer than two pauses
 */
public record Timing(Duration open, Duration write, Duration request, Duration keepAlive, Duration silence) {
    /** As other clients of the protocol do it (web-1 §1.1, §1.3, §1.4). */
    public static final Timing USUAL = new Timing(
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(75),
            Duration.ofSeconds(20),
            Duration.ofSeconds(65));

    /**
     * The time without an answer after which the connection is lost, although other stanzas come. It is half as long
     * again as the {@link #silence}.
     */
    Duration unanswered() {
        return silence.multipliedBy(3).dividedBy(2);
    }
}
