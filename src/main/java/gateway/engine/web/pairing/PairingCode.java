package gateway.engine.web.pairing;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

import gateway.engine.web.primitive.AesGcm;
import gateway.engine.web.primitive.Hkdf;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;
import gateway.engine.web.signal.CurvePair;
import gateway.engine.web.signal.CurvePublic;
import gateway.engine.web.signal.Secret32;

/**
 * The cryptography of pairing by a code that a person types into the phone (web-1 §4.3). The code is a secret of 40
 * bits for some minutes.
 */
public final class PairingCode {
    /** The length of a public key wrapped under the code: salt, initial vector, key. */
    public static final int WRAPPED_BYTES = 80;
    /** The length of the bundle of keys that ends the exchange. */
    public static final int BUNDLE_BYTES = 156;

    private static final String DIGITS = "123456789ABCDEFGHJKLMNPQRSTVWXYZ";
    private static final int CODE_BYTES = 5;
    private static final int DIGIT_BITS = 5;
    private static final int ITERATIONS = 1 << 17;
    private static final int SALT_BYTES = 32;
    private static final int IV_BYTES = 16;
    private static final int KEY_BYTES = 32;
    private static final String BUNDLE_INFO = "link_code_pairing_key_bundle_encryption_key";
    private static final String SECRET_INFO = "adv_secret";
    private static final byte[] NOTHING = new byte[0];

    private PairingCode() {}

    /** A new code of eight characters, without the dash with which it is shown. */
    public static String draw(RandomGenerator random) {
        byte[] bytes = new byte[CODE_BYTES];
        random.nextBytes(bytes);
        return of(bytes);
    }

    /** Five bytes as eight characters. */
    static String of(byte[] bytes) {
        long value = 0;
        for (int i = 0; i < CODE_BYTES; i++) {
            value = value << Byte.SIZE | bytes[i] & 0xFF;
        }
        StringBuilder code = new StringBuilder();
        for (int shift = Byte.SIZE * CODE_BYTES - DIGIT_BITS; shift >= 0; shift -= DIGIT_BITS) {
            code.append(DIGITS.charAt((int) (value >> shift) & (1 << DIGIT_BITS) - 1));
        }
        return code.toString();
    }

    /** The code with a dash in the middle, as people read it. */
    public static String shown(String code) {
        return code.substring(0, code.length() / 2) + "-" + code.substring(code.length() / 2);
    }

    /**
     * Encrypts a public key under the code; {@code random} is asked for a salt of 32 bytes, then for a vector of 16.
     */
    public static byte[] wrap(String code, CurvePublic key, RandomGenerator random) {
        byte[] salt = drawn(random, SALT_BYTES);
        byte[] iv = drawn(random, IV_BYTES);
        byte[] encrypted = ctr(codeKey(code, salt), iv, key.raw());
        return ByteBuffer.allocate(WRAPPED_BYTES)
                .put(salt)
                .put(iv)
                .put(encrypted)
                .array();
    }

    /**
     * The public key that the phone has encrypted under the code. A wrong code gives another key, and is seen later.
     *
     * @throws WireRefusal ({@code MALFORMED}) for another length
     */
    public static CurvePublic unwrap(String code, byte[] wrapped) throws WireRefusal {
        if (wrapped.length != WRAPPED_BYTES) {
            throw new WireRefusal(Reason.MALFORMED, "a wrapped key has 80 bytes, not " + wrapped.length);
        }
        byte[] salt = Arrays.copyOf(wrapped, SALT_BYTES);
        byte[] iv = Arrays.copyOfRange(wrapped, SALT_BYTES, SALT_BYTES + IV_BYTES);
        byte[] encrypted = Arrays.copyOfRange(wrapped, SALT_BYTES + IV_BYTES, WRAPPED_BYTES);
        return CurvePublic.of(ctr(codeKey(code, salt), iv, encrypted));
    }

    /**
     * The end of the exchange.
     *
     * @param ephemeral this device's pair of the exchange
     * @param identity  this device's identity
     * @param theirs    the phone's unwrapped key of the exchange
     * @param account   the phone's identity key
     * @param random    asked for 32 bytes of the secret, 32 of a salt and 12 of a vector
     * @throws WireRefusal ({@code BAD_KEY}) for a key of small order
     */
    public static Sealed seal(
            CurvePair ephemeral, CurvePair identity, CurvePublic theirs, CurvePublic account, RandomGenerator random)
            throws WireRefusal {
        byte[] shared = ephemeral.agree(theirs);
        byte[] chance = drawn(random, KEY_BYTES);
        byte[] salt = drawn(random, SALT_BYTES);
        byte[] iv = drawn(random, AesGcm.IV_BYTES);
        byte[] plain = ByteBuffer.allocate(3 * KEY_BYTES)
                .put(identity.known().raw())
                .put(account.raw())
                .put(chance)
                .array();
        byte[] encrypted = AesGcm.encrypt(bundleKey(shared, salt), iv, plain, NOTHING);
        byte[] bundle = ByteBuffer.allocate(BUNDLE_BYTES)
                .put(salt)
                .put(iv)
                .put(encrypted)
                .array();
        byte[] secret = ByteBuffer.allocate(3 * KEY_BYTES)
                .put(shared)
                .put(identity.agree(account))
                .put(chance)
                .array();
        return new Sealed(bundle, Secret32.of(Hkdf.derive(secret, Hkdf.NO_SALT, SECRET_INFO, KEY_BYTES)));
    }

    static byte[] bundleKey(byte[] shared, byte[] salt) {
        return Hkdf.derive(shared, salt, BUNDLE_INFO, KEY_BYTES);
    }

    static byte[] codeKey(String code, byte[] salt) {
        try {
            PBEKeySpec spec = new PBEKeySpec(code.toCharArray(), salt, ITERATIONS, Byte.SIZE * KEY_BYTES);
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK refused PBKDF2", e);
        }
    }

    private static byte[] ctr(byte[] key, byte[] iv, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK refused AES-CTR", e);
        }
    }

    private static byte[] drawn(RandomGenerator random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** What the exchange gives: the bundle of 156 bytes for the phone, and the secret that replaces the stored one. */
    public record Sealed(byte[] bundle, Secret32 advSecret) {}
}
