package gateway.engine.web.primitive;

import java.security.GeneralSecurityException;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import gateway.engine.web.primitive.WireRefusal.Reason;
import gateway.secret.AlgorithmPool;

/** AES-256 in CBC mode with PKCS#7 padding. Whoever decrypts has checked a MAC over the ciphertext before. */
public final class AesCbc {
    /** The length of the initial vector and of a block, in bytes. */
    public static final int BLOCK_BYTES = 16;

    private static final AlgorithmPool<Cipher> CIPHERS = new AlgorithmPool<>(AesCbc::instance);

    private AesCbc() {}

    /** Encrypts; the result is 1 to 16 bytes longer than the plaintext. */
    public static byte[] encrypt(byte[] key, byte[] iv, byte[] plain) {
        try {
            return CIPHERS.with(
                    cipher -> started(cipher, Cipher.ENCRYPT_MODE, key, iv).doFinal(plain));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK refused AES-CBC", e);
        }
    }

    /**
     * Decrypts.
     *
     * @throws WireRefusal ({@code MALFORMED}) for a length that is not a number of blocks, and for bad padding
     */
    public static byte[] decrypt(byte[] key, byte[] iv, byte[] encrypted) throws WireRefusal {
        try {
            if (encrypted.length == 0) {
                throw new WireRefusal(Reason.MALFORMED, "the ciphertext is empty");
            }
            return CIPHERS.with(
                    cipher -> started(cipher, Cipher.DECRYPT_MODE, key, iv).doFinal(encrypted));
        } catch (IllegalBlockSizeException | BadPaddingException _) {
            throw new WireRefusal(Reason.MALFORMED, "the ciphertext has no whole blocks or bad padding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK refused AES-CBC", e);
        }
    }

    /** A cipher for content that comes in pieces. */
    public static Cipher cipher(int mode, byte[] key, byte[] iv) throws GeneralSecurityException {
        return started(instance(), mode, key, iv);
    }

    private static Cipher started(Cipher cipher, int mode, byte[] key, byte[] iv) throws GeneralSecurityException {
        cipher.init(mode, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
        return cipher;
    }

    private static Cipher instance() throws GeneralSecurityException {
        return Cipher.getInstance("AES/CBC/PKCS5Padding");
    }
}
