package gateway.http.hardened;

import java.nio.charset.Charset;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataListener;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.LazyString;

import gateway.http.Problem;

/**
 * Helidon's reader of a connection, with two faults cured that 4.5.0 still has. It reads a chunk's size line of any
 * length, and skips the line end behind a chunk unseen, where two parsers could disagree: both are checked here. And it
 * links the bytes of every read to those of the next: one that the collector has moved to the old generation, where an
 * idle connection's end up, keeps all that come after it from being freed until the whole heap is collected. So each
 * request gets a reader of its own.
 */
final class GuardedReader extends DataReader {
    private static final String NO_SIZE = "A chunk of the body does not start with its size.";
    /** Bytes of a chunk's size line, with the extensions that are passed over (RFC 9112 §7.1.1). */
    private static final int MAX_SIZE_LINE = 256;
    /** Empty lines before a request that are passed over (RFC 9112 §2.2). */
    private static final int MAX_EMPTY_LINES = 4;
    /** Hexadecimal digits of a size that fits an {@code int}. */
    private static final int MAX_SIZE_DIGITS = 7;

    private final Supplier<byte[]> bytes;
    private final BooleanSupplier inChunks;
    private DataReader current;
    private boolean lastChunk;
    /** Whether the next line begins a request. */
    private boolean atStart = true;

    private RequestLine line = RequestLine.NONE;
    /** Whether a line went on where it had to end. */
    private boolean exceeded;

    /**
     * Reads from a connection.
     *
     * @param bytes gives the next ones, or null at the end
     * @param inChunks whether what is read now is a chunked body
     */
    @SuppressWarnings("removal") // create() replaces it, but a subclass must call a constructor
    GuardedReader(Supplier<byte[]> bytes, BooleanSupplier inChunks) {
        super(bytes);
        this.bytes = bytes;
        this.inChunks = inChunks;
        this.current = DataReader.create(bytes);
    }

    /** What is read from now on is another request. */
    void nextRequest() {
        lastChunk = false;
        atStart = true;
        line = RequestLine.NONE;
        exceeded = false;
        if (current.available() == 0) {
            current = DataReader.create(bytes);
        }
    }

    /** The first line of the request that is read, as the client sent it. */
    RequestLine line() {
        return line;
    }

    /** Whether the head of the request is larger than was to be read. */
    boolean exceeded() {
        return exceeded;
    }

    @Override
    public String readLine() {
        if (!inChunks.getAsBoolean()) {
            return current.readLine();
        }
        try {
            if (current.findNewLine(MAX_SIZE_LINE + 1) > MAX_SIZE_LINE) {
                throw Framing.refuse(Problem.badRequest(NO_SIZE));
            }
            String line = current.readLine();
            if (lastChunk) {
                return line;
            }
            // A line feed alone ends a line for some programs in front, which then see another body than we do.
            if (line.chars().anyMatch(Character::isISOControl)) {
                throw new NumberFormatException(NO_SIZE);
            }
            int extension = line.indexOf(';');
            String size = extension < 0 ? line : line.substring(0, extension).stripTrailing();
            lastChunk = size(size) == 0;
            return size;
        } catch (IncorrectNewLineException | NumberFormatException e) {
            throw Framing.refuse(Problem.badRequest(NO_SIZE));
        }
    }

    private static int size(String line) {
        if (line.isEmpty() || line.length() > MAX_SIZE_DIGITS || line.charAt(0) == '-' || line.charAt(0) == '+') {
            throw new NumberFormatException(NO_SIZE);
        }
        return Integer.parseInt(line, 16);
    }

    @Override
    public void skip(int length) {
        if (length == 2 && inChunks.getAsBoolean()) {
            if (current.read() != '\r' || current.read() != '\n') {
                throw Framing.refuse(Problem.badRequest("A chunk of the body does not end where its size says."));
            }
            return;
        }
        current.skip(length);
    }

    /** Nobody here listens to what a client sends, byte by byte. */
    @Override
    public <T> void listener(DataListener<T> listener, T context) {}

    @Override
    public int available() {
        return current.available();
    }

    @Override
    public void pullData() {
        current.pullData();
    }

    @Override
    public void ensureAvailable() {
        current.ensureAvailable();
    }

    @Override
    public byte read() {
        return current.read();
    }

    @Override
    public byte lookup() {
        return current.lookup();
    }

    @Override
    public boolean startsWithNewLine() {
        return current.startsWithNewLine();
    }

    @Override
    public boolean startsWith(byte[] prefix) {
        return current.startsWith(prefix);
    }

    @Override
    public BufferData readBuffer() {
        return current.readBuffer();
    }

    @Override
    public BufferData readBuffer(int length) {
        return current.readBuffer(length);
    }

    @Override
    public BufferData getBuffer(int length) {
        return current.getBuffer(length);
    }

    @Override
    public LazyString readLazyString(Charset charset, int length) {
        return current.readLazyString(charset, length);
    }

    @Override
    public String readAsciiString(int length) {
        return current.readAsciiString(length);
    }

    @Override
    public byte[] readBytes(int length) {
        if (!atStart) {
            return current.readBytes(length);
        }
        atStart = false;
        line = RequestLine.of(current.readBytes(length));
        return line.asHelidonTakesIt();
    }

    @Override
    public int findOrNewLine(byte wanted, int most) {
        return within(current.findOrNewLine(wanted, most), most);
    }

    @Override
    public int findNewLine(int most) {
        if (atStart) {
            for (int empty = 0; empty < MAX_EMPTY_LINES && current.lookup() == '\r'; empty++) {
                if (!current.startsWithNewLine()) {
                    break;
                }
                current.skip(2);
            }
        }
        return within(current.findNewLine(most), most);
    }

    private int within(int found, int most) {
        exceeded |= found >= most;
        return found;
    }

    @Override
    public String debugDataHex() {
        return current.debugDataHex();
    }
}
