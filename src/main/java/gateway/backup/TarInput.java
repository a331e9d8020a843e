package gateway.backup;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what {@link TarOutput} wrote, and refuses every other form: links, devices, directories, odd names. */
final class TarInput {
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9._-]{1,100}");
    private static final Pattern OCTAL = Pattern.compile("[0-7]{1,11}");

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];

    TarInput(InputStream in) {
        this.in = in;
    }

    /** The name and the size of an entry. */
    record Header(String name, long size) {}

    /** The next entry, whose content {@link #copy} must read; empty at the archive's end. */
    Optional<Header> next() throws IOException {
        var header = new byte[TarOutput.BLOCK];
        full(header);
        if (isZero(header)) {
            full(header);
            if (!isZero(header)) {
                throw new IOException("the archive's end is none");
            }
            return Optional.empty();
        }
        if (number(header, 148, 7) != TarOutput.sum(header) || header[156] != '0') {
            throw new IOException("an entry's header is none");
        }
        var prefix = text(header, 345, TarOutput.PREFIX);
        var name = (prefix.isEmpty() ? "" : prefix + "/") + text(header, 0, TarOutput.NAME);
        if (!isName(name)) {
            throw new IOException("an entry has a name that no backup has");
        }
        long size = header[124] < 0 ? ByteBuffer.wrap(header).getLong(128) : number(header, 124, 12);
        if (size < 0) {
            throw new IOException("an entry has a size below zero");
        }
        return Optional.of(new Header(name, size));
    }

    /** Whether a name stays inside the directory that it is put in. */
    static boolean isName(String name) {
        for (var part : name.split("/", -1)) {
            if (!PART.matcher(part).matches() || part.equals(".") || part.equals("..")) {
                return false;
            }
        }
        return true;
    }

    /** Reads the entry's content. */
    void copy(long size, OutputStream out) throws IOException {
        long left = size;
        while (left > 0) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                throw new EOFException();
            }
            out.write(buffer, 0, read);
            left -= read;
        }
        if (in.readNBytes(TarOutput.padding(size)).length < TarOutput.padding(size)) {
            throw new EOFException();
        }
    }

    private void full(byte[] header) throws IOException {
        if (in.readNBytes(header, 0, header.length) < header.length) {
            throw new EOFException();
        }
    }

    private static boolean isZero(byte[] header) {
        for (byte one : header) {
            if (one != 0) {
                return false;
            }
        }
        return true;
    }

    private static long number(byte[] header, int at, int length) throws IOException {
        var text = text(header, at, length).strip();
        if (!OCTAL.matcher(text).matches()) {
            throw new IOException("a number in an entry's header is none");
        }
        return Long.parseLong(text, 8);
    }

    private static String text(byte[] header, int at, int length) {
        int end = at;
        while (end < at + length && header[end] != 0) {
            end++;
        }
        return new String(header, at, end - at, StandardCharsets.ISO_8859_1);
    }
}
