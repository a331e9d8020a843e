package gateway.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Helidon's reader, which also checks a chunk's size line and the line end behind its bytes. Helidon 4.1.7 reads a size line
 * of any length, and skips the line end unseen: two parsers could disagree there.
 */
final class ChunkCheckingReader extends DataReader {
    private static final String NO_SIZE = "A chunk of the body does not start with its size.";
    /** Hexadecimal digits of a size that fits an {@code int}. */
    private static final int MAX_SIZE_DIGITS = 7;

    private final BooleanSupplier inChunks;
    /** In a method of the base class, which may call back here. */
    private boolean inside;
    private boolean lastChunk;

    /**
     * Reads from a connection.
     *
     * @param bytes gives the next ones, or null at the end
     * @param inChunks whether what is read now is a chunked body
     */
    ChunkCheckingReader(Supplier<byte[]> bytes, BooleanSupplier inChunks) {
        super(bytes);
        this.inChunks = inChunks;
    }

    @Override
    public String readLine() {
        if (!inChunks.getAsBoolean()) {
            return super.readLine();
        }
        inside = true;
        try {
            if (findNewLine(MAX_SIZE_DIGITS + 1) > MAX_SIZE_DIGITS) {
                throw Framing.refuse(Problem.badRequest(NO_SIZE));
            }
            String line = super.readLine();
            if (!lastChunk) {
                lastChunk = size(line) == 0;
            } else if (!line.isEmpty()) {
                throw Framing.refuse(Problem.badRequest("Trailers behind the body are not understood."));
            }
            return line;
        } catch (IncorrectNewLineException | NumberFormatException e) {
            throw Framing.refuse(Problem.badRequest(NO_SIZE));
        } finally {
            inside = false;
        }
    }

    private static int size(String line) {
        if (line.isEmpty() || line.charAt(0) == '-' || line.charAt(0) == '+') {
            throw new NumberFormatException(NO_SIZE);
        }
        return Integer.parseInt(line, 16);
    }

    @Override
    public BufferData readBuffer(int length) {
        inside = true;
        try {
            return super.readBuffer(length);
        } finally {
            inside = false;
        }
    }

    @Override
    public void skip(int length) {
        if (!inside && length == 2 && inChunks.getAsBoolean()) {
            if (read() != '\r' || read() != '\n') {
                throw Framing.refuse(Problem.badRequest("A chunk of the body does not end where its size says."));
            }
            return;
        }
        super.skip(length);
    }

    void nextRequest() {
        lastChunk = false;
    }
}
