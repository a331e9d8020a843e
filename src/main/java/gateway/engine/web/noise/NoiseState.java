package gateway.engine.web.noise;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

import gateway.digest.Sha256;
import gateway.engine.web.primitive.AesGcm;
import gateway.engine.web.primitive.Hkdf;
import gateway.engine.web.primitive.WireRefusal;

/**
 * The symmetric state of {@code Noise_XX_25519_AESGCM_SHA256} (Noise specification, revision 34, §5.2): the hash of the
 * transcript, the chaining key, and the key of the moment with its counter.
 */
final class NoiseState {
    private static final int HASH_BYTES = 32;
    private static final byte[] NAME =
            Arrays.copyOf("Noise_XX_25519_AESGCM_SHA256".getBytes(StandardCharsets.US_ASCII), HASH_BYTES);

    private byte[] hash = NAME;
    private byte[] chain = NAME;
    private byte[] key = NAME;
    private int counter;

    /** Adds what both sides have seen to the hash of the transcript. */
    void authenticate(byte[] data) {
        MessageDigest digest = Sha256.start();
        digest.update(hash);
        hash = digest.digest(data);
    }

    /** Draws a new key from a shared secret. */
    void mix(byte[] secret) {
        byte[] derived = Hkdf.derive(secret, chain, new byte[0], 2 * HASH_BYTES);
        chain = Arrays.copyOf(derived, HASH_BYTES);
        key = Arrays.copyOfRange(derived, HASH_BYTES, 2 * HASH_BYTES);
        counter = 0;
    }

    byte[] encrypt(byte[] plain) {
        byte[] encrypted = AesGcm.encrypt(key, vector(counter++), plain, hash);
        authenticate(encrypted);
        return encrypted;
    }

    /** @throws WireRefusal for a tag that does not match */
    byte[] decrypt(byte[] encrypted) throws WireRefusal {
        byte[] plain = AesGcm.decrypt(key, vector(counter++), encrypted, hash);
        authenticate(encrypted);
        return plain;
    }

    /** The ciphers of the client's two directions. */
    FrameCipher split() {
        byte[] derived = Hkdf.derive(new byte[0], chain, new byte[0], 2 * HASH_BYTES);
        return new FrameCipher(
                Arrays.copyOf(derived, HASH_BYTES), Arrays.copyOfRange(derived, HASH_BYTES, 2 * HASH_BYTES));
    }

    byte[] hash() {
        return hash.clone();
    }

    byte[] chain() {
        return chain.clone();
    }

    byte[] key() {
        return key.clone();
    }

    int counter() {
        return counter;
    }

    /** The initial vector of a counter: eight zero bytes and the counter's four. */
    static byte[] vector(int counter) {
        return ByteBuffer.allocate(AesGcm.IV_BYTES)
                .putInt(AesGcm.IV_BYTES - Integer.BYTES, counter)
                .array();
    }
}
