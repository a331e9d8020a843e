package gateway.auth;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A random key that is never written anywhere and dies with the process. What is keyed with it can be compared, at
 * about 1 µs, and tells nothing to anybody who gets hold of a copy of it.
 */
final class ProcessKey {
    private static final String ALGORITHM = "HmacSHA256";

    private final Mac prototype;

    ProcessKey() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        try {
            prototype = Mac.getInstance(ALGORITHM);
            prototype.init(new SecretKeySpec(key, ALGORITHM));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** HMAC-SHA256 over the parts, each preceded by its length, so that no two lists of parts read alike. */
    byte[] of(byte[]... parts) {
        Mac mac = copy();
        for (byte[] part : parts) {
            mac.update((byte) (part.length >>> 24));
            mac.update((byte) (part.length >>> 16));
            mac.update((byte) (part.length >>> 8));
            mac.update((byte) part.length);
            mac.update(part);
        }
        return mac.doFinal();
    }

    private Mac copy() {
        try {
            return (Mac) prototype.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("The platform's HmacSHA256 can be copied", e);
        }
    }
}
