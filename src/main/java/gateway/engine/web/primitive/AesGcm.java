package gateway.engine.web.primitive;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import gateway.engine.web.primitive.WireRefusal.Reason;
import gateway.secret.AlgorithmPool;

/** AES-256 in GCM mode (NIST SP 800-38D); the tag of 16 bytes stands at the end of the ciphertext. */
public final class AesGcm {
    /** The length of the initial vector, in bytes. */
    public static final int IV_BYTES = 12;
    /** The length of the tag, in bytes. */
    public static final int TAG_BYTES = 16;

    private static final AlgorithmPool<Cipher> CIPHERS = new AlgorithmPool<>(AesGcm::cipher);

    private AesGcm() {}

    /** Encrypts; the result is 16 bytes longer than the plaintext. A pair of key and vector is used once. */
    public static byte[] encrypt(byte[] key, byte[] iv, byte[] plain, byte[] additional) {
        try {
            return run(Cipher.ENCRYPT_MODE, key, iv, plain, additional);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK refused AES-GCM", e);
        }
    }

    /**
     * Decrypts.
     *
     * @throws WireRefusal ({@code BAD_MAC}) when the tag does not match; ({@code MALFORMED}) for a vector that is
     *     not of 12 bytes and for a ciphertext shorter than its tag
     */
    public static byte[] decrypt(byte[] key, byte[] iv, byte[] encrypted, byte[] additional) throws WireRefusal {
        if (iv.length != IV_BYTES || encrypted.length < TAG_BYTES) {
            throw new WireRefusal(Reason.MALFORMED, "the vector or the ciphertext has a wrong length");
        }
        try {
            return run(Cipher.DECRYPT_MODE, key, iv, encrypted, additional);
        } catch (AEADBadTagException _) {
            throw new WireRefusal(Reason.BAD_MAC, "the authentication tag does not match");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK refused AES-GCM", e);
        }
    }

    private static byte[] run(int mode, byte[] key, byte[] iv, byte[] input, byte[] additional)
            throws GeneralSecurityException {
        try {
            return CIPHERS.with(cipher -> run(cipher, mode, key, iv, input, additional));
        } catch (InvalidAlgorithmParameterException _) {
            // A cipher of the JDK refuses the key and vector of its last encryption, which by chance it may have had.
            return run(cipher(), mode, key, iv, input, additional);
        }
    }

    private static byte[] run(Cipher cipher, int mode, byte[] key, byte[] iv, byte[] input, byte[] additional)
            throws GeneralSecurityException {
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(8 * TAG_BYTES, iv));
        cipher.updateAAD(additional);
        return cipher.doFinal(input);
    }

    private static Cipher cipher() throws GeneralSecurityException {
        return Cipher.getInstance("AES/GCM/NoPadding");
    }
}
