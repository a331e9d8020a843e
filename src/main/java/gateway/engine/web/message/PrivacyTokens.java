package gateway.engine.web.message;

import java.nio.charset.StandardCharsets;

import gateway.engine.web.primitive.Hmac;

/** The rules of privacy tokens: how long a received one may be attached, when ours is issued anew, what stands in. */
public final class PrivacyTokens {
    /** The length of a bucket of time, in seconds: a week. */
    public static final long BUCKET_SECONDS = 604_800;
    /** How many buckets before the present one a token is still valid. */
    public static final long VALID_BUCKETS = 3;

    private PrivacyTokens() {}

    /** Whether a token of the timestamp may no longer be attached; both in epoch seconds. */
    public static boolean isExpired(long timestamp, long now) {
        return timestamp < (Math.floorDiv(now, BUCKET_SECONDS) - VALID_BUCKETS) * BUCKET_SECONDS;
    }

    /** Whether our token, last issued at the time, is to be issued again after a message; both in epoch seconds. */
    public static boolean mustIssue(long issued, long now) {
        return Math.floorDiv(now, BUCKET_SECONDS) > Math.floorDiv(issued, BUCKET_SECONDS);
    }

    /**
     * What is attached in the stead of a token: HMAC-SHA256 by the account's salt over the recipient's LID; 32 bytes.
     */
    public static byte[] standIn(byte[] salt, String recipientLid) {
        return Hmac.sha256(salt, BareJid.of(recipientLid).getBytes(StandardCharsets.UTF_8));
    }
}
