package gateway.engine.web.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

import gateway.digest.Sha256;

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
        byte[] seconds =
                ByteBuffer.allocate(Long.BYTES).putLong(time.getEpochSecond()).array();
        byte[] own = ownUser.map(user -> user + "@c.us").orElse("").getBytes(StandardCharsets.UTF_8);
        byte[] hash = Sha256.of(seconds, own, chance);
        return PREFIX + HexFormat.of().withUpperCase().formatHex(hash, 0, HASH_BYTES);
    }
}
