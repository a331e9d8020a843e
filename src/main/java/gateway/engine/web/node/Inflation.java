package gateway.engine.web.node;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/** zlib (RFC 1950) with a limit: memory grows with what comes out, and stops at the limit. */
final class Inflation {
    private static final int START = 8 << 10;

    private Inflation() {}

    /**
     * What a whole zlib stream holds.
     *
     * @throws WireRefusal ({@code OVERSIZED}) beyond {@code max} bytes; ({@code MALFORMED}) for a broken or cut stream
     */
    static byte[] inflate(byte[] in, int from, int max) throws WireRefusal {
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(in, from, in.length - from);
            byte[] out = new byte[Math.min(START, max)];
            int length = 0;
            while (!inflater.finished()) {
                if (length == out.length) {
                    if (length == max) {
                        throw new WireRefusal(Reason.OVERSIZED, "the frame inflates to more than " + max + " bytes");
                    }
                    out = Arrays.copyOf(out, Math.min(2 * length, max));
                }
                int read = inflater.inflate(out, length, out.length - length);
                if (read == 0 && !inflater.finished()) {
                    throw new WireRefusal(Reason.MALFORMED, "the compressed frame ends early");
                }
                length += read;
            }
            if (inflater.getRemaining() > 0) {
                throw new WireRefusal(Reason.MALFORMED, "bytes follow the compressed node");
            }
            return Arrays.copyOf(out, length);
        } catch (DataFormatException _) {
            throw new WireRefusal(Reason.MALFORMED, "the compressed frame is not zlib");
        }
    }
}
