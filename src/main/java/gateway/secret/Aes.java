package gateway.secret;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * One key of AES-256-GCM (NIST SP 800-38D: 96-bit random nonce, 128-bit tag). What is sealed opens only for the same
 * owner, so that rows cannot be exchanged for one another.
 */
final class Aes {
    static final int BYTES = 32;
    private static final int NONCE = 12;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final AlgorithmPool<Cipher> CIPHERS =
            new AlgorithmPool<>(() -> Cipher.getInstance("AES/GCM/NoPadding"));

    private final byte[] key;

    /** @param key 32 bytes */
    Aes(byte[] key) {
        if (key.length != BYTES) {
            throw new IllegalArgumentException("An AES-256 key has 32 bytes.");
        }
        this.key = key.clone();
    }

    static Aes random() {
        var key = new byte[BYTES];
        RANDOM.nextBytes(key);
        return new Aes(key);
    }

    /** Names the key without telling it: the first 12 hex digits of an HMAC under it. */
    String id() {
        return fingerprint("key").substring(0, 12);
    }

    /** The same for the same text under the same key; nothing can be learnt from it without the key. */
    String fingerprint(String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update("fingerprint:".getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)), 0, 16);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }

    String seal(String owner, byte[] clear) {
        var nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        var sealed = crypt(Cipher.ENCRYPT_MODE, owner, nonce, clear).orElseThrow();
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(NONCE + sealed.length)
                        .put(nonce)
                        .put(sealed)
                        .array());
    }

    String seal(String owner, String clear) {
        return seal(owner, clear.getBytes(StandardCharsets.UTF_8));
    }

    /** Empty when it was sealed under another key or for another owner, or was changed since. */
    Optional<byte[]> open(String owner, String sealed) {
        try {
            var bytes = Base64.getDecoder().decode(sealed);
            return bytes.length < NONCE
                    ? Optional.empty()
                    : crypt(
                            Cipher.DECRYPT_MODE,
                            owner,
                            Arrays.copyOf(bytes, NONCE),
                            Arrays.copyOfRange(bytes, NONCE, bytes.length));
        } catch (IllegalArgumentException noBase64) {
            return Optional.empty();
        }
    }

    Optional<String> openText(String owner, String sealed) {
        return open(owner, sealed).map(clear -> new String(clear, StandardCharsets.UTF_8));
    }

    /** This key sealed under another one. */
    String wrappedBy(Aes wrapping, String name) {
        return wrapping.seal("data key " + name, key);
    }

    static Optional<Aes> unwrap(Aes wrapping, String name, String wrapped) {
        return wrapping.open("data key " + name, wrapped)
                .filter(bytes -> bytes.length == BYTES)
                .map(Aes::new);
    }

    String base64() {
        return Base64.getEncoder().encodeToString(key);
    }

    private Optional<byte[]> crypt(int mode, String owner, byte[] nonce, byte[] text) {
        try {
            return Optional.of(CIPHERS.with(cipher -> {
                cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
                cipher.updateAAD(owner.getBytes(StandardCharsets.UTF_8));
                return cipher.doFinal(text);
            }));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Aes that && MessageDigest.isEqual(key, that.key);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(key);
    }

    @Override
    public String toString() {
        return "Aes[" + id() + "]";
    }
}
