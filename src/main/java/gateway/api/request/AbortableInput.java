package gateway.api.request;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import javax.imageio.stream.FileImageInputStream;

/**
 * A picture's file as a decoder reads it, until the decoding thread is interrupted: the JDK's decoders do not look
 * themselves.
 */
public final class AbortableInput extends FileImageInputStream {
    public AbortableInput(Path file) throws IOException {
        super(file.toFile());
    }

    @Override
    public int read() throws IOException {
        check();
        return super.read();
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
        check();
        return super.read(bytes, from, count);
    }

    private static void check() throws InterruptedIOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("The time of the work is up");
        }
    }
}
