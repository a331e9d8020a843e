package gateway.engine.web.signal;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;

import com.github.auties00.curve25519.Curve25519;
import org.bouncycastle.math.ec.rfc7748.X25519Field;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * Signatures by X25519 keys: XEdDSA in the variant of libsignal, whose signatures carry the sign of the Edwards
 * public key in bit 7 of byte 63. Source: signal.org/docs/specifications/xeddsa, and libsignal's {@code curve_sigs}.
 */
public final class XEdDsa {
    /** The length of a signature, {@code R ‖ S}, in bytes. */
    public static final int SIGNATURE_BYTES = 64;

    private static final int NONCE_BYTES = 64;
    private static final int LAST = SIGNATURE_BYTES - 1;
    private static final int SIGN_BIT = 0x80;
    private static final SecureRandom RANDOM = new SecureRandom();

    private XEdDsa() {}

    /** Signs a message with a private key of 32 bytes and fresh randomness. */
    public static byte[] sign(byte[] privateKey, byte[] message) {
        return sign(privateKey, message, RANDOM);
    }

    /** Signs a message with a private key of 32 bytes; {@code random} is asked once, for 64 bytes. */
    public static byte[] sign(byte[] privateKey, byte[] message, RandomGenerator random) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        return Curve25519.sign(Curve.clamped(privateKey), message, nonce);
    }

    /**
     * Verifies a signature of 64 bytes by a public key of 32 bytes (without the type byte 05). Input of another
     * length, a key that is not on the curve, and a scalar out of range are not valid; nothing is thrown.
     */
    public static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
        if (publicKey.length != Curve.KEY_BYTES || signature.length != SIGNATURE_BYTES) {
            return false;
        }
        byte[] edwards = edwardsKey(publicKey);
        byte[] plain = signature.clone();
        edwards[Curve.KEY_BYTES - 1] |= (byte) (signature[LAST] & SIGN_BIT);
        plain[LAST] &= (byte) ~SIGN_BIT;
        return Ed25519.verify(plain, 0, edwards, 0, message, 0, message.length);
    }

    /** The Edwards coordinate y = (u − 1) / (u + 1) of the Montgomery coordinate u; the sign bit is left 0. */
    private static byte[] edwardsKey(byte[] montgomery) {
        int[] u = X25519Field.create();
        int[] above = X25519Field.create();
        int[] below = X25519Field.create();
        X25519Field.decode255(montgomery, u);
        X25519Field.copy(u, 0, below, 0);
        X25519Field.subOne(below);
        X25519Field.carry(below);
        X25519Field.copy(u, 0, above, 0);
        X25519Field.addOne(above);
        X25519Field.carry(above);
        X25519Field.inv(above, above);
        X25519Field.mul(below, above, u);
        X25519Field.normalize(u);
        byte[] edwards = new byte[Curve.KEY_BYTES];
        X25519Field.encode(u, edwards, 0);
        return edwards;
    }
}
