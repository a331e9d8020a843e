package gateway.engine.web.primitive;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/** HKDF-SHA256 (RFC 5869) by the JDK's {@link KDF}. */
public final class Hkdf {
    /** No salt, which RFC 5869 reads as 32 zero bytes; Signal writes those out. */
    public static final byte[] NO_SALT = new byte[0];

    private Hkdf() {}

    /** Derives {@code length} bytes from a secret. */
    public static byte[] derive(byte[] secret, byte[] salt, String info, int length) {
        return derive(secret, salt, info.getBytes(StandardCharsets.UTF_8), length);
    }

    /** Derives {@code length} bytes from a secret. */
    public static byte[] derive(byte[] secret, byte[] salt, byte[] info, int length) {
        try {
            HKDFParameterSpec.Builder extract = HKDFParameterSpec.ofExtract().addIKM(secret);
            if (salt.length > 0) {
                extract.addSalt(salt);
            }
            return KDF.getInstance("HKDF-SHA256").deriveData(extract.thenExpand(info, length));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK refused HKDF-SHA256", e);
        }
    }
}
