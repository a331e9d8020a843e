package gateway.engine.web.primitive;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import gateway.secret.AlgorithmPool;

/** Message authentication codes (RFC 2104) over parts that are joined without being copied. */
public final class Hmac {
    /** The length of an HMAC-SHA256, in bytes. */
    public static final int SHA256_BYTES = 32;

    private static final String SHA256 = "HmacSHA256";
    private static final String SHA512 = "HmacSHA512";
    private static final AlgorithmPool<Mac> MACS_256 = new AlgorithmPool<>(() -> Mac.getInstance(SHA256));
    private static final AlgorithmPool<Mac> MACS_512 = new AlgorithmPool<>(() -> Mac.getInstance(SHA512));

    private Hmac() {}

    /** HMAC-SHA256 of the parts, one after the other; 32 bytes. */
    public static byte[] sha256(byte[] key, byte[]... parts) {
        return of(MACS_256, SHA256, key, parts);
    }

    /** HMAC-SHA512 of the parts, one after the other; 64 bytes. */
    public static byte[] sha512(byte[] key, byte[]... parts) {
        return of(MACS_512, SHA512, key, parts);
    }

    /** A running HMAC-SHA256, for content that does not fit into memory. */
    public static Mac running(byte[] key) {
        return started(SHA256, key);
    }

    /** Compares in constant time. */
    public static boolean equal(byte[] expected, byte[] received) {
        return MessageDigest.isEqual(expected, received);
    }

    private static byte[] of(AlgorithmPool<Mac> macs, String algorithm, byte[] key, byte[]... parts) {
        try {
            return macs.with(mac -> {
                mac.init(keyOf(algorithm, key));
                for (byte[] part : parts) {
                    mac.update(part);
                }
                return mac.doFinal();
            });
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no " + algorithm, e);
        }
    }

    private static Mac started(String algorithm, byte[] key) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(keyOf(algorithm, key));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no " + algorithm, e);
        }
    }

    /** The key for the JDK, which has no form for an empty one: a zero byte means the same (RFC 2104 §2). */
    private static SecretKeySpec keyOf(String algorithm, byte[] key) {
        return new SecretKeySpec(key.length == 0 ? new byte[1] : key, algorithm);
    }
}
