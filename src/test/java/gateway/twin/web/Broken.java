package gateway.twin.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;

/** Bytes in the place of an element: what a server that lies could send. */
final class Broken {
    private static final int GARBAGE_BYTES = 40;
    private static final int BOMB_MEBIBYTES = 64;
    private static final int DEPTH = 2_000;
    /** The longest frame, without the tag of its seal. */
    private static final int MAX = (1 << 24) - 1 - 16;

    private Broken() {}

    /** What a fault puts in an element's place. */
    static Optional<byte[]> instead(Faults faults) {
        if (faults.take("garbage")) {
            return Optional.of(Crypto.random(GARBAGE_BYTES));
        }
        if (faults.take("bomb")) {
            return Optional.of(bomb());
        }
        if (faults.take("nested")) {
            return Optional.of(nested());
        }
        return faults.take("oversized") ? Optional.of(new byte[MAX]) : Optional.empty();
    }

    /** The same element, deflated: the first byte says so. */
    static byte[] deflated(byte[] plain) {
        if (plain[0] != 0) {
            return plain;
        }
        var out = new ByteArrayOutputStream();
        out.write(2);
        try (var deflater = new DeflaterOutputStream(out)) {
            deflater.write(plain, 1, plain.length - 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] bomb() {
        var out = new ByteArrayOutputStream();
        out.write(2);
        try (var deflater = new DeflaterOutputStream(out)) {
            var zeros = new byte[1 << 20];
            for (int i = 0; i < BOMB_MEBIBYTES; i++) {
                deflater.write(zeros);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** An element in an element, and so on: a list of two, a tag, a list of one. */
    private static byte[] nested() {
        var out = new ByteArrayOutputStream();
        out.write(0);
        for (int i = 0; i < DEPTH; i++) {
            out.writeBytes(new byte[] {(byte) 248, 2, 19, (byte) 248, 1});
        }
        out.writeBytes(new byte[] {(byte) 248, 1, 19});
        return out.toByteArray();
    }
}
