package gateway.engine.web.primitive;

import java.nio.charset.StandardCharsets;

/** HKDF-SHA256 (RFC 5869) over {@link Hmac}: the JDK's own looks its MAC up for each derivation. */
public final class Hkdf {
    /** No salt, which RFC 5869 reads as 32 zero bytes; Signal writes those out. */
    public static final byte[] NO_SALT = new byte[0];

    /** The most blocks of one derivation, RFC 5869 §2.3. */
    private static final int MAX_BLOCKS = 255;

    private Hkdf() {}

    /** Derives {@code length} bytes from a secret. */
    public static byte[] derive(byte[] secret, byte[] salt, String info, int length) {
        return derive(secret, salt, info.getBytes(StandardCharsets.UTF_8), length);
    }

    /**
     * Derives {@code length} bytes from a secret.
     *
     * @throws IllegalArgumentException for a length below 1 or above 8,160
     */
    public static byte[] derive(byte[] secret, byte[] salt, byte[] info, int length) {
        if (length < 1 || length > MAX_BLOCKS * Hmac.SHA256_BYTES) {
            throw new IllegalArgumentException("HKDF-SHA256 derives 1 to 8,160 bytes, not " + length);
        }
        byte[] extracted = Hmac.sha256(salt, secret);
        byte[] derived = new byte[length];
        byte[] block = new byte[0];
        for (int filled = 0, number = 1; filled < length; filled += Hmac.SHA256_BYTES, number++) {
            block = Hmac.sha256(extracted, block, info, new byte[] {(byte) number});
            System.arraycopy(block, 0, derived, filled, Math.min(Hmac.SHA256_BYTES, length - filled));
        }
        return derived;
    }
}
