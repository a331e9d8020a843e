package gateway.outbound;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Status line and headers of an HTTP/1.1 answer (RFC 9112 §4 and §5). Names are lower case; of a repeated header the
 * values stand joined by a comma.
 */
record ReplyHead(int status, boolean persistent, Map<String, String> headers) {
    private static final int MAX = 16 * 1024;
    /** 100 Continue, 103 Early Hints: an honest server sends one or two. */
    private static final int INTERIM = 4;

    /** Reads up to the body, passing over interim answers. */
    static ReplyHead read(InputStream in) throws IOException {
        for (int i = 0; i < INTERIM; i++) {
            var head = readOne(in);
            if (head.status >= 200) {
                return head;
            }
        }
        throw new ProtocolException("too many interim answers");
    }

    private static ReplyHead readOne(InputStream in) throws IOException {
        int[] left = {MAX};
        var line = line(in, left);
        if (!line.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( [^\\r\\n]*)?")) {
            throw new ProtocolException("the status line is not HTTP/1.1");
        }
        var headers = new HashMap<String, String>();
        for (var field = line(in, left); !field.isEmpty(); field = line(in, left)) {
            int colon = field.indexOf(':');
            if (colon <= 0 || Character.isWhitespace(field.charAt(0))) {
                throw new ProtocolException("a header line is malformed");
            }
            headers.merge(
                    field.substring(0, colon).toLowerCase(Locale.ROOT),
                    field.substring(colon + 1).strip(),
                    (a, b) -> a + "," + b);
        }
        var connection = headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
        boolean persistent = line.startsWith("HTTP/1.1") && !connection.contains("close");
        return new ReplyHead(Integer.parseInt(line.substring(9, 12)), persistent, headers);
    }

    /** A line without its end. The bytes are taken as Latin-1, so that none is lost or merged. */
    static String line(InputStream in, int[] left) throws IOException {
        var line = new StringBuilder(64);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection ended within the answer");
            }
            if (--left[0] < 0) {
                throw new ProtocolException("the answer's head is larger than " + MAX + " bytes");
            }
            line.append((char) b);
        }
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
    }

    /** The body's bytes, ending where it ends. */
    InputStream body(InputStream in) throws IOException {
        var coding = headers.get("transfer-encoding");
        if (status == 204 || status == 304) {
            return new Sized(in, 0);
        }
        if (coding != null) {
            if (!coding.equalsIgnoreCase("chunked")) {
                throw new ProtocolException("the answer's transfer coding is not understood");
            }
            return new Chunked(in);
        }
        var length = headers.get("content-length");
        if (length == null) {
            return in;
        }
        if (!length.matches("[0-9]{1,18}")) {
            throw new ProtocolException("the answer's Content-Length is malformed");
        }
        return new Sized(in, Long.parseLong(length));
    }

    /** Whether the body has an end that leaves the connection usable. */
    boolean delimited() {
        return status == 204
                || status == 304
                || headers.containsKey("content-length")
                || headers.containsKey("transfer-encoding");
    }

    /** A body of known length. */
    private static final class Sized extends InputStream {
        private final InputStream in;
        private long left;

        Sized(InputStream in, long length) {
            this.in = in;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int n = in.read(bytes, offset, (int) Math.min(left, length));
            if (n < 0) {
                throw new EOFException("the connection ended within the answer");
            }
            left -= n;
            return n;
        }
    }

    /** A chunked body (RFC 9112 §7.1); trailers are read and dropped. */
    private static final class Chunked extends InputStream {
        private final InputStream in;
        private @Nullable Sized chunk;
        private boolean ended;

        Chunked(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            while (!ended) {
                if (chunk == null) {
                    chunk = next();
                } else {
                    int n = chunk.read(bytes, offset, length);
                    if (n >= 0) {
                        return n;
                    }
                    if (!line(in, new int[] {2}).isEmpty()) {
                        throw new ProtocolException("a chunk does not end where it should");
                    }
                    chunk = null;
                }
            }
            return -1;
        }

        private Sized next() throws IOException {
            var size = line(in, new int[] {256}).split("[; \t]", 2)[0];
            if (!size.matches("[0-9A-Fa-f]{1,15}")) {
                throw new ProtocolException("a chunk's size is malformed");
            }
            long length = Long.parseLong(size, 16);
            if (length == 0) {
                ended = true;
                int[] left = {MAX};
                while (!line(in, left).isEmpty()) {
                    left[0]--;
                }
            }
            return new Sized(in, length);
        }
    }
}
