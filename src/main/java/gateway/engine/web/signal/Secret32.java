package gateway.engine.web.signal;

import java.util.Arrays;

import gateway.engine.web.primitive.Hmac;

/** A secret of 32 bytes: a private key, a root key, a chain key or a message key's seed. Immutable; never printed. */
public final class Secret32 {
    private final byte[] value;

    private Secret32(byte[] value) {
        this.value = value;
    }

    /** A secret of a copy of the bytes. */
    public static Secret32 of(byte[] bytes) {
        if (bytes.length != Curve.KEY_BYTES) {
            throw new IllegalArgumentException("a secret has 32 bytes, not " + bytes.length);
        }
        return new Secret32(bytes.clone());
    }

    /** The secret at an offset of a derived block. */
    static Secret32 at(byte[] block, int offset) {
        return new Secret32(Arrays.copyOfRange(block, offset, offset + Curve.KEY_BYTES));
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return value.clone();
    }

    /** The bytes themselves, for reading only. */
    byte[] view() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret32 secret && Hmac.equal(value, secret.value);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return "Secret32[hidden]";
    }
}
