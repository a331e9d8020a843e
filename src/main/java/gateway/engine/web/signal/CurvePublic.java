package gateway.engine.web.signal;

import java.util.Arrays;
import java.util.HexFormat;

import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/**
 * An X25519 public key. Immutable. Stanzas hold the 32 bytes, Signal's messages and MACs the type byte 05 before
 * them.
 */
public final class CurvePublic {
    /** The length with the type byte. */
    public static final int TYPED_BYTES = 1 + Curve.KEY_BYTES;

    private static final byte TYPE = 5;

    private final byte[] typed;

    private CurvePublic(byte[] typed) {
        this.typed = typed;
    }

    /**
     * The key of 32 bytes.
     *
     * @throws WireRefusal ({@code BAD_KEY}) for another length
     */
    public static CurvePublic of(byte[] raw) throws WireRefusal {
        if (raw.length != Curve.KEY_BYTES) {
            throw new WireRefusal(Reason.BAD_KEY, "a public key has " + raw.length + " bytes instead of 32");
        }
        return known(raw);
    }

    /**
     * The key of 33 bytes, the first of which is 05.
     *
     * @throws WireRefusal ({@code BAD_KEY}) for another length or type
     */
    public static CurvePublic ofTyped(byte[] typed) throws WireRefusal {
        if (typed.length != TYPED_BYTES || typed[0] != TYPE) {
            throw new WireRefusal(Reason.BAD_KEY, "a public key of 33 bytes begins with 05");
        }
        return new CurvePublic(typed.clone());
    }

    static CurvePublic known(byte[] raw) {
        byte[] typed = new byte[TYPED_BYTES];
        typed[0] = TYPE;
        System.arraycopy(raw, 0, typed, 1, Curve.KEY_BYTES);
        return new CurvePublic(typed);
    }

    /** A copy of the 32 bytes. */
    public byte[] raw() {
        return Arrays.copyOfRange(typed, 1, TYPED_BYTES);
    }

    /** A copy of the 33 bytes. */
    public byte[] typed() {
        return typed.clone();
    }

    /** The 33 bytes themselves, for reading only. */
    byte[] view() {
        return typed;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CurvePublic key && Arrays.equals(typed, key.typed);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(typed);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(typed);
    }
}
