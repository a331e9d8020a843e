package gateway.backup;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/** Writes a tar archive of regular files (POSIX ustar; sizes from 8 GiB on in GNU's form), for the owner only. */
final class TarOutput implements AutoCloseable {
    static final int BLOCK = 512;
    static final int NAME = 100;
    static final int PREFIX = 155;
    private static final long MAX_OCTAL = 077777777777L;

    private final OutputStream out;
    private final byte[] buffer = new byte[1 << 16];

    TarOutput(OutputStream out) {
        this.out = out;
    }

    /**
     * Appends a file.
     *
     * @throws EOFException when the content ends before the size
     */
    void add(String name, long size, Instant time, InputStream content) throws IOException {
        out.write(header(name, size, time));
        long left = size;
        while (left > 0) {
            int read = content.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                throw new EOFException(name + " became shorter while it was read");
            }
            out.write(buffer, 0, read);
            left -= read;
        }
        out.write(new byte[padding(size)]);
    }

    static int padding(long size) {
        return (int) ((BLOCK - size % BLOCK) % BLOCK);
    }

    private static byte[] header(String name, long size, Instant time) {
        var header = new byte[BLOCK];
        int cut = name.length() <= NAME ? 0 : name.indexOf('/', name.length() - NAME - 1) + 1;
        if (name.length() > NAME && (cut == 0 || cut - 1 > PREFIX)) {
            throw new IllegalArgumentException("a name that a tar header has no room for");
        }
        text(header, 0, name.substring(cut));
        text(header, 100, "0000600");
        text(header, 108, "0000000");
        text(header, 116, "0000000");
        if (size <= MAX_OCTAL) {
            text(header, 124, String.format("%011o", size));
        } else {
            header[124] = (byte) 0x80;
            ByteBuffer.wrap(header).putLong(128, size);
        }
        text(header, 136, String.format("%011o", Math.clamp(time.getEpochSecond(), 0, MAX_OCTAL)));
        Arrays.fill(header, 148, 156, (byte) ' ');
        header[156] = '0';
        text(header, 257, "ustar");
        text(header, 263, "00");
        text(header, 345, cut == 0 ? "" : name.substring(0, cut - 1));
        text(header, 148, String.format("%06o", sum(header)));
        header[154] = 0;
        return header;
    }

    /** The sum of the header's bytes, its own place counted as spaces. */
    static int sum(byte[] header) {
        int sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
        }
        return sum;
    }

    private static void text(byte[] header, int at, String text) {
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    @Override
    public void close() throws IOException {
        out.write(new byte[2 * BLOCK]);
        out.close();
    }
}
