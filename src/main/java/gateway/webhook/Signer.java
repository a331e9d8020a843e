package gateway.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs a delivery twice over: {@code X-Hub-Signature-256} as the guide and GitHub have it, over the body alone; and
 * the three headers of Standard Webhooks 1.0.0, over id, time and body, against replay.
 */
final class Signer {
    private static final String STANDARD_PREFIX = "whsec_";

    private Signer() {}

    /**
     * The signature headers of one attempt.
     *
     * @param hubSecret the one secret the hub header can carry
     * @param secrets all that are valid; the standard header carries a signature by each
     * @param now epoch milliseconds of this attempt
     */
    static Map<String, String> headers(String id, byte[] body, String hubSecret, List<String> secrets, long now) {
        long seconds = now / 1000;
        var signed = (id + "." + seconds + ".").getBytes(StandardCharsets.UTF_8);
        var headers = new LinkedHashMap<String, String>();
        headers.put("X-Hub-Signature-256", hub(body, hubSecret));
        headers.put("webhook-id", id);
        headers.put("webhook-timestamp", Long.toString(seconds));
        headers.put(
                "webhook-signature",
                secrets.stream()
                        .map(secret ->
                                "v1," + Base64.getEncoder().encodeToString(mac(standardKey(secret), signed, body)))
                        .collect(Collectors.joining(" ")));
        return headers;
    }

    static String hub(byte[] body, String secret) {
        return "sha256=" + HexFormat.of().formatHex(mac(secret.getBytes(StandardCharsets.UTF_8), body));
    }

    /** Tells secrets, or URLs, apart without telling them: the first 12 hex digits of an HMAC under a fixed label. */
    static String fingerprint(String secret) {
        return HexFormat.of()
                .formatHex(mac(
                        secret.getBytes(StandardCharsets.UTF_8),
                        "webhook secret fingerprint".getBytes(StandardCharsets.UTF_8)))
                .substring(0, 12);
    }

    /**
     * {@code whsec_} marks a key in Base64 (Standard Webhooks, signature scheme); any other secret is its own bytes.
     */
    static byte[] standardKey(String secret) {
        if (secret.startsWith(STANDARD_PREFIX)) {
            try {
                var key = Base64.getDecoder().decode(secret.substring(STANDARD_PREFIX.length()));
                if (key.length > 0) {
                    return key;
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("A webhook secret that begins with whsec_ must go on in Base64.");
            }
        }
        return secret.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] mac(byte[] key, byte[]... parts) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (var part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has HmacSHA256", e);
        }
    }
}
