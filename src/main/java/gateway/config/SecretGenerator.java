package gateway.config;

import java.security.SecureRandom;

/** Makes secrets that survive every place a secret is written: a URI, a comma list, a shell word, a header. */
public final class SecretGenerator {
    /** Letters and digits only: none of {@code : , + / =}, which the guide's {@code openssl rand -base64} yields. */
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    /** 43 × log2(62) = 256.03 bits; ASVS 5.0 11.5.1 asks for 128. */
    private static final int LENGTH = 43;

    private SecretGenerator() {}

    /** A new secret of 43 letters and digits, 256 bits from the system's generator. */
    public static Secret generate() {
        var random = new SecureRandom();
        var text = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return new Secret(text.toString());
    }
}
