package gateway.engine.web.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/** The id that a web client gives a message: {@code 3EB0} and nine bytes of a hash in hexadecimal (web-2 §2.1). */
public final class WebMessageId {
    private static final String PREFIX = "3EB0";
    private static final int HASH_BYTES = 9;

    private WebMessageId() {}

    /**
     * The id.
     *
     * @param ownUser the own number, when it is known
     * @param chance  16 random bytes
     */
    public static String of(Instant time, Optional<String> ownUser, byte[] chance) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(ByteBuffer.allocate(Long.BYTES)
                    .putLong(time.getEpochSecond())
                    .array());
            ownUser.ifPresent(user -> digest.update((user + "@c.us").getBytes(StandardCharsets.UTF_8)));
            byte[] hash = digest.digest(chance);
            return PREFIX + HexFormat.of().withUpperCase().formatHex(hash, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
