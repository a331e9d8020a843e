package gateway.engine.web.pairing;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.primitive.Hmac;
import java.nio.charset.StandardCharsets;

/**
 * The rules of the tokens by which two people who write to each other know that they do (web-1 §5.8). Times are Unix
 * seconds.
 */
public final class TrustedContact {
    private static final long BUCKET_SECONDS = 604_800;
    private static final long LIVE_BUCKETS = 3;

    private TrustedContact() {
    }

    /** The oldest time that a token may have and still be used. */
    public static long cutoff(long now) {
        return (Math.floorDiv(now, BUCKET_SECONDS) - LIVE_BUCKETS) * BUCKET_SECONDS;
    }

    public static boolean isExpired(long tokenTime, long now) {
        return tokenTime < cutoff(now);
    }

    /** Whether a contact that got our token then is to get a new one now. */
    public static boolean isDue(long issued, long now) {
        return Math.floorDiv(issued, BUCKET_SECONDS) < Math.floorDiv(now, BUCKET_SECONDS);
    }

    /** What goes to a known LID of which no live token is held: an HMAC of its text under the account's salt. */
    public static byte[] substitute(byte[] salt, DeviceJid lid) {
        return Hmac.sha256(salt, lid.withoutDevice().text().getBytes(StandardCharsets.UTF_8));
    }
}
