package gateway.engine.web.signal;

import java.util.random.RandomGenerator;

import org.bouncycastle.math.ec.rfc7748.X25519;

import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/**
 * X25519 (RFC 7748) on plain byte arrays. Bouncy Castle's constant-time ladder takes a quarter of the time of the JDK's
 * provider.
 */
public final class Curve {
    /** The length of a private key, a public key and a shared secret, in bytes. */
    public static final int KEY_BYTES = 32;

    private Curve() {}

    /** The public key of a private key of 32 bytes. */
    public static byte[] publicKey(byte[] privateKey) {
        byte[] result = new byte[KEY_BYTES];
        X25519.scalarMultBase(ofLength(privateKey), 0, result, 0);
        return result;
    }

    /** Draws a private key; {@code random} is asked once, for 32 bytes. */
    public static byte[] privateKey(RandomGenerator random) {
        byte[] drawn = new byte[KEY_BYTES];
        random.nextBytes(drawn);
        return clamped(drawn);
    }

    /**
     * The shared secret of a private and a public key.
     *
     * @throws WireRefusal ({@code BAD_KEY}) for a public key of small order, whose secret is all zero (RFC 7748 §6.1)
     */
    public static byte[] agree(byte[] privateKey, byte[] publicKey) throws WireRefusal {
        byte[] secret = new byte[KEY_BYTES];
        if (!X25519.calculateAgreement(ofLength(privateKey), 0, ofLength(publicKey), 0, secret, 0)) {
            throw new WireRefusal(Reason.BAD_KEY, "the public key has a small order");
        }
        return secret;
    }

    /** A copy of the private key with the bits set and cleared as RFC 7748 §5 asks. */
    static byte[] clamped(byte[] privateKey) {
        byte[] result = ofLength(privateKey).clone();
        result[0] &= (byte) 0xF8;
        result[KEY_BYTES - 1] &= 0x7F;
        result[KEY_BYTES - 1] |= 0x40;
        return result;
    }

    private static byte[] ofLength(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a key has 32 bytes, not " + key.length);
        }
        return key;
    }
}
