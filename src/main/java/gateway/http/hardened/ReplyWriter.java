package gateway.http.hardened;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;

/**
 * What is written to a client, as its request wants it. To HEAD goes the reply's head alone (RFC 9110 §9.3.2). A client
 * of HTTP/1.0 gets a body without chunks, which ends where the connection does. Every other reply passes untouched.
 */
final class ReplyWriter implements DataWriter {
    /** How a reply begins that another one follows, such as 100 (RFC 9110 §15.2). */
    private static final String INTERIM = "HTTP/1.1 1";

    private static final String CHUNKED = "transfer-encoding:";

    private final DataWriter target;
    private final Supplier<RequestLine> request;
    /** The reply's head as far as it was written; empty once it is through. */
    private final ByteArrayOutputStream head = new ByteArrayOutputStream(0);

    private boolean headDone;
    private boolean chunks;
    private final Chunks body = new Chunks();

    /** @param request the first line of the request that is answered */
    ReplyWriter(DataWriter target, Supplier<RequestLine> request) {
        this.target = target;
        this.request = request;
    }

    /** What is written next is the reply to another request. */
    void nextReply() {
        headDone = false;
        chunks = false;
        head.reset();
    }

    private boolean passes() {
        return !request.get().head() && !request.get().old();
    }

    @Override
    public void write(BufferData... buffers) {
        if (passes()) {
            target.write(buffers);
        } else {
            adapted(bytes(buffers));
        }
    }

    @Override
    public void write(BufferData buffer) {
        if (passes()) {
            target.write(buffer);
        } else {
            adapted(bytes(buffer));
        }
    }

    @Override
    public void writeNow(BufferData... buffers) {
        if (passes()) {
            target.writeNow(buffers);
        } else {
            adapted(bytes(buffers));
        }
    }

    @Override
    public void writeNow(BufferData buffer) {
        if (passes()) {
            target.writeNow(buffer);
        } else {
            adapted(bytes(buffer));
        }
    }

    private static byte[] bytes(BufferData... buffers) {
        var all = new ByteArrayOutputStream();
        for (BufferData buffer : buffers) {
            all.writeBytes(buffer.readBytes());
        }
        return all.toByteArray();
    }

    private void adapted(byte[] bytes) {
        if (headDone) {
            body(bytes);
            return;
        }
        int seen = Math.max(0, head.size() - 3);
        head.writeBytes(bytes);
        byte[] all = head.toByteArray();
        int end = end(all, seen);
        if (end < 0) {
            return;
        }
        head.reset();
        var text = new String(all, 0, end, StandardCharsets.ISO_8859_1);
        byte[] rest = Arrays.copyOfRange(all, end, all.length);
        if (text.startsWith(INTERIM)) {
            target.writeNow(BufferData.create(Arrays.copyOf(all, end)));
            adapted(rest);
        } else {
            headDone = true;
            write(head(text).getBytes(StandardCharsets.ISO_8859_1));
            body(rest);
        }
    }

    private static int end(byte[] bytes, int from) {
        for (int i = from; i + 3 < bytes.length; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n' && bytes[i + 2] == '\r' && bytes[i + 3] == '\n') {
                return i + 4;
            }
        }
        return -1;
    }

    private String head(String text) {
        if (!request.get().old()) {
            return text;
        }
        var kept = new StringBuilder();
        for (String line : text.split("(?<=\r\n)")) {
            if (line.toLowerCase(Locale.ROOT).startsWith(CHUNKED)) {
                chunks = true;
                body.begin();
            } else {
                kept.append(line);
            }
        }
        return kept.toString();
    }

    private void body(byte[] bytes) {
        if (!request.get().head() && bytes.length > 0) {
            write(chunks ? body.content(bytes) : bytes);
        }
    }

    private void write(byte[] bytes) {
        if (bytes.length > 0) {
            target.writeNow(BufferData.create(bytes));
        }
    }

    /** Our own chunked body, read back. */
    private static final class Chunks {
        private final StringBuilder size = new StringBuilder();
        private long left;
        private boolean inContent;
        private boolean ended;

        void begin() {
            size.setLength(0);
            left = 0;
            inContent = false;
            ended = false;
        }

        byte[] content(byte[] bytes) {
            var content = new ByteArrayOutputStream(bytes.length);
            int at = 0;
            while (at < bytes.length && !ended) {
                if (inContent) {
                    int count = (int) Math.min(left, bytes.length - at);
                    content.write(bytes, at, count);
                    at += count;
                    left -= count;
                    inContent = left > 0;
                } else {
                    sizeLine((char) (bytes[at++] & 0xff));
                }
            }
            return content.toByteArray();
        }

        /** The line end behind a chunk is an empty line before the next size. */
        private void sizeLine(char c) {
            if (c == '\n' && !size.isEmpty()) {
                left = Long.parseLong(size, 0, size.length(), 16);
                size.setLength(0);
                inContent = left > 0;
                ended = left == 0;
            } else if (c != '\r' && c != '\n') {
                size.append(c);
            }
        }
    }
}
