package gateway.api;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.helidon.http.HttpPrologue;

/**
 * Links to files that need no credential for a short time, because a browser's {@code <img>} sends none. A link holds
 * its end and a signature of address and end; it is good for the one file, and shows nothing of the key.
 */
public final class SignedLinks {
    /** How long a link to a message's file is good: long enough for a page to load. */
    static final Duration FILE = Duration.ofMinutes(5);

    private static final String ALGORITHM = "HmacSHA256";
    private static final Pattern QUERY = Pattern.compile("expires=([1-9][0-9]{0,11})&signature=([A-Za-z0-9_-]{43})");

    private final Supplier<byte[]> key;
    private final InstantSource clock;

    /** @param key of 32 bytes, the same on every node; asked for with each link */
    public SignedLinks(Supplier<byte[]> key, InstantSource clock) {
        this.key = key;
        this.clock = clock;
    }

    /**
     * The path with what makes it open without a credential.
     *
     * @param path as it stands in the link, without the base path: {@code statics/media/default/a.jpg}
     */
    String signed(String path, Duration valid) {
        long end = clock.instant().plus(valid).getEpochSecond();
        return path + "?expires=" + end + "&signature=" + signature(path, end);
    }

    /** Whether the request's address is a link of ours that is still good. */
    boolean opens(HttpPrologue prologue, String basePath) {
        var raw = prologue.query().rawValue();
        var query = QUERY.matcher(raw == null ? "" : raw);
        var path = prologue.uriPath().rawPath();
        if (!query.matches() || !path.startsWith(basePath + "/")) {
            return false;
        }
        long end = Long.parseLong(query.group(1));
        return clock.instant().getEpochSecond() <= end
                && MessageDigest.isEqual(
                        query.group(2).getBytes(StandardCharsets.US_ASCII),
                        signature(path.substring(basePath.length() + 1), end).getBytes(StandardCharsets.US_ASCII));
    }

    private String signature(String path, long end) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key.get(), ALGORITHM));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal((end + " " + path).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HMAC-SHA-256", e);
        }
    }
}
