package gateway.webhook;

import java.nio.charset.StandardCharsets;

import gateway.config.PrintedSecrets;
import gateway.config.Settings.Profile;

/**
 * What a receiver's secret must be that is given at run time, over REST or on the command line. In production, a secret
 * that everybody can know is refused as the configured one is (OWASP ASVS 13.3.1).
 */
public enum SecretPolicy {
    /** Any secret of the right form. ASVS 11.5.1 asks for 128 bits of entropy, which 16 characters can just hold. */
    DEVELOPMENT(16),
    /** As long as the configured secret must be; no secret that a document prints, no sequence and no repetition. */
    PRODUCTION(32);

    private static final int MAX_SECRET = 256;

    private final int least;

    SecretPolicy(int least) {
        this.least = least;
    }

    public static SecretPolicy of(Profile profile) {
        return profile.holdsProductionRules() ? PRODUCTION : DEVELOPMENT;
    }

    /**
     * The secret, once it is judged to be good enough.
     *
     * @throws InvalidEndpoint naming the field {@code secret}; never repeats the secret
     */
    String checked(String secret) {
        if (secret.length() < least || secret.length() > MAX_SECRET) {
            throw new InvalidEndpoint(
                    "secret",
                    "must have " + least + " to " + MAX_SECRET + " characters. Make one with: openssl rand -hex 32");
        }
        if (!secret.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new InvalidEndpoint("secret", "must be printable ASCII without blanks");
        }
        String key;
        try {
            key = new String(Signer.standardKey(secret), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            throw new InvalidEndpoint("secret", "begins with whsec_ and must go on in Base64");
        }
        if (this == PRODUCTION) {
            PrintedSecrets.objection(secret)
                    .or(() -> PrintedSecrets.objection(key))
                    .ifPresent(objection -> {
                        throw new InvalidEndpoint("secret", objection + ". Make one with: openssl rand -hex 32");
                    });
        }
        return secret;
    }
}
