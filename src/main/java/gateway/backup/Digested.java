package gateway.backup;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

import gateway.digest.Sha256;

/** A stream whose bytes are counted and go through SHA-256. */
final class Digested extends FilterOutputStream {
    private final MessageDigest digest = Sha256.start();
    private long bytes;

    Digested(OutputStream out) {
        super(out);
    }

    /** The SHA-256 of all that a stream gives, in hexadecimal. */
    static String of(InputStream in) throws IOException {
        var all = new Digested(OutputStream.nullOutputStream());
        in.transferTo(all);
        return all.hash();
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] from, int at, int length) throws IOException {
        out.write(from, at, length);
        digest.update(from, at, length);
        bytes += length;
    }

    long bytes() {
        return bytes;
    }

    /** The hash of what was written, in hexadecimal; to be asked once, at the end. */
    String hash() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
