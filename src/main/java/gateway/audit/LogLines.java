package gateway.audit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * The lines of a log as bytes, one after the other, however long the file: only a piece of it is in memory. {@code .gz}
 * is unpacked.
 */
final class LogLines implements AutoCloseable {
    /** Far longer than any line that is written. */
    private static final int MAX = 256 * 1024;

    private final InputStream file;
    private final byte[] buffer = new byte[MAX];
    private int filled;
    private int start;
    private int end = -1;

    LogLines(Path log) throws IOException {
        var stored = Files.newInputStream(log);
        try {
            this.file = log.toString().endsWith(".gz") ? new GZIPInputStream(stored) : stored;
        } catch (IOException e) {
            stored.close();
            throw e;
        }
    }

    /** Goes to the next line; false when no other one ends in the file. */
    boolean next() throws IOException {
        start = end + 1;
        for (end = start; ; end++) {
            if (end == filled) {
                end -= start;
                if (!more()) {
                    return false;
                }
            }
            if (buffer[end] == '\n') {
                return true;
            }
        }
    }

    /** Whether something is left behind the last line: one that was torn, or that never ends. */
    boolean torn() {
        return filled > start;
    }

    /** Empty when the present line is not one that this program writes. */
    Optional<AuditLine> line() {
        return AuditLine.parse(buffer, start, end);
    }

    private boolean more() throws IOException {
        System.arraycopy(buffer, start, buffer, 0, filled - start);
        filled -= start;
        start = 0;
        int read = filled == buffer.length ? -1 : file.read(buffer, filled, buffer.length - filled);
        filled += Math.max(0, read);
        return read > 0;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
