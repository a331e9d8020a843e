package gateway.http.hardened;

import java.time.Duration;
import java.util.function.LongConsumer;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;

/** A connection's writer that tells until when each write has to be done. */
final class TimedWriter implements DataWriter {
    /** No write is under way. */
    static final long NEVER = Long.MAX_VALUE;

    private final DataWriter target;
    private final long patience;
    private final LongConsumer deadline;

    /** @param deadline is told {@link System#nanoTime} before a write, and {@link #NEVER} after it */
    TimedWriter(DataWriter target, Duration patience, LongConsumer deadline) {
        this.target = target;
        this.patience = patience.toNanos();
        this.deadline = deadline;
    }

    private void timed(Runnable write) {
        deadline.accept(System.nanoTime() + patience);
        try {
            write.run();
        } finally {
            deadline.accept(NEVER);
        }
    }

    @Override
    public void write(BufferData... buffers) {
        timed(() -> target.write(buffers));
    }

    @Override
    public void write(BufferData buffer) {
        timed(() -> target.write(buffer));
    }

    @Override
    public void writeNow(BufferData... buffers) {
        timed(() -> target.writeNow(buffers));
    }

    @Override
    public void writeNow(BufferData buffer) {
        timed(() -> target.writeNow(buffer));
    }
}
