package gateway.http;

import java.time.Duration;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.spi.ServerConnection;

/**
 * An open WebSocket that is closed with 1002 when a frame has a reserved opcode (RFC 6455 §5.2, §7.4.1). Helidon leaves with
 * an exception of its own there, which reaches the log and ends the connection without a word.
 */
record FrameGuard(ServerConnection inner, DataWriter writer) implements ServerConnection {
    /** A close frame of the server's, not masked, with the code 1002. */
    private static final byte[] PROTOCOL_ERROR = {(byte) 0x88, 2, 0x03, (byte) 0xEA};

    @Override
    public void handle(Limit limit) throws InterruptedException {
        try {
            inner.handle(limit);
        } catch (IllegalArgumentException e) {
            writer.writeNow(BufferData.create(PROTOCOL_ERROR.clone()));
        }
    }

    @Override
    public Duration idleTime() {
        return inner.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
        inner.close(interrupt);
    }
}
