package gateway.config.source.remote;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import gateway.digest.Sha256;

/**
 * AWS Signature Version 4 (docs.aws.amazon.com, "Create a signed AWS API request"): proves that a request comes from
 * the owner of a key and was not changed on its way.
 */
final class SigV4 {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";

    private final String region;
    private final String service;

    SigV4(String region, String service) {
        this.region = region;
        this.service = service;
    }

    /** A key, and for a temporary one the token that goes with it. */
    record Key(String id, String secret, Optional<String> token) {
        @Override
        public String toString() {
            return "Key[" + id + "]";
        }
    }

    /**
     * The headers to send: those given, the time, the token and {@code Authorization}.
     *
     * @param headers signed as well; {@code Host} is added
     * @param uri its path is as it goes over the wire, its query already percent-encoded
     */
    Map<String, String> sign(String method, URI uri, Map<String, String> headers, byte[] body, Key key, Instant now) {
        return sign(method, uri, headers, hex(Sha256.of(body)), key, now);
    }

    /**
     * As {@link #sign(String, URI, Map, byte[], Key, Instant)}, for a body that is known by its hash.
     *
     * @param hash the body's SHA-256 in hexadecimal
     */
    Map<String, String> sign(String method, URI uri, Map<String, String> headers, String hash, Key key, Instant now) {
        var signed = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        signed.putAll(headers);
        var time = TIME.format(now);
        signed.put("X-Amz-Date", time);
        key.token().ifPresent(token -> signed.put("X-Amz-Security-Token", token));
        var canonical = new TreeMap<String, String>();
        signed.forEach((name, value) ->
                canonical.put(name.toLowerCase(Locale.ROOT), value.strip().replaceAll(" +", " ")));
        canonical.put("host", uri.getRawAuthority());
        var names = String.join(";", canonical.keySet());
        var request = String.join(
                "\n",
                method,
                uri.getRawPath().isEmpty() ? "/" : uri.getRawPath(),
                query(uri),
                canonical.entrySet().stream()
                        .map(header -> header.getKey() + ":" + header.getValue() + "\n")
                        .collect(Collectors.joining()),
                names,
                hash);
        var scope = time.substring(0, 8) + "/" + region + "/" + service + "/aws4_request";
        var text = String.join("\n", ALGORITHM, time, scope, hex(Sha256.of(bytes(request))));
        byte[] signing = bytes("AWS4" + key.secret());
        for (var part : scope.split("/")) {
            signing = hmac(signing, part);
        }
        signed.put(
                "Authorization",
                ALGORITHM + " Credential=" + key.id() + "/" + scope + ", SignedHeaders=" + names + ", Signature="
                        + hex(hmac(signing, text)));
        return signed;
    }

    private static String query(URI uri) {
        return uri.getRawQuery() == null
                ? ""
                : Arrays.stream(uri.getRawQuery().split("&"))
                        .map(pair -> pair.contains("=") ? pair : pair + "=")
                        .sorted()
                        .collect(Collectors.joining("&"));
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(bytes(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
