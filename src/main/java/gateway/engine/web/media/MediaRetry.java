package gateway.engine.web.media;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.random.RandomGenerator;

import gateway.engine.web.primitive.AesGcm;
import gateway.engine.web.primitive.FieldReader;
import gateway.engine.web.primitive.FieldWriter;
import gateway.engine.web.primitive.Hkdf;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/** The request to the phone to upload a file again, and its answer; both encrypted by the file's media key. */
public final class MediaRetry {
    private static final int KEY_BYTES = 32;

    private MediaRetry() {}

    /** What the phone says. */
    public enum Result {
        GENERAL_ERROR,
        SUCCESS,
        NOT_FOUND,
        DECRYPTION_ERROR
    }

    /** The encrypted parts of a stanza, {@code enc_iv} and {@code enc_p}. */
    public record Encrypted(byte[] iv, byte[] payload) {}

    /** The phone's answer; the new path has the same media key. */
    public record Answer(String messageId, Optional<String> directPath, Result result) {}

    /** The request for the file of a message. {@code random} is asked once, for 12 bytes. */
    public static Encrypted request(byte[] mediaKey, String messageId, RandomGenerator random) {
        byte[] iv = new byte[AesGcm.IV_BYTES];
        random.nextBytes(iv);
        byte[] id = messageId.getBytes(StandardCharsets.UTF_8);
        return new Encrypted(
                iv,
                AesGcm.encrypt(key(mediaKey), iv, new FieldWriter().bytes(1, id).written(), id));
    }

    /**
     * The phone's answer.
     *
     * @throws WireRefusal ({@code BAD_MAC}) for another key or message; ({@code MALFORMED}) for an answer that is
     *     not one, is about another message, or is a success without a path
     */
    public static Answer read(byte[] mediaKey, String messageId, Encrypted answer) throws WireRefusal {
        byte[] plain =
                AesGcm.decrypt(key(mediaKey), answer.iv, answer.payload, messageId.getBytes(StandardCharsets.UTF_8));
        String id = "";
        Optional<String> path = Optional.empty();
        int result = 0;
        FieldReader field = new FieldReader(plain);
        while (field.next()) {
            switch (field.number()) {
                case 1 -> id = new String(field.bytes(), StandardCharsets.UTF_8);
                case 2 -> path = Optional.of(new String(field.bytes(), StandardCharsets.UTF_8));
                case 3 -> result = field.uint32();
                default -> {} // an unknown field is skipped, as protobuf asks
            }
        }
        if (!id.equals(messageId)
                || result < 0
                || result >= Result.values().length
                || result == Result.SUCCESS.ordinal() && path.isEmpty()) {
            throw new WireRefusal(Reason.MALFORMED, "the answer is about another message or lacks its path");
        }
        return new Answer(id, path, Result.values()[result]);
    }

    /** The key of 32 bytes. */
    static byte[] key(byte[] mediaKey) {
        return Hkdf.derive(mediaKey, Hkdf.NO_SALT, "WhatsApp Media Retry Notification", KEY_BYTES);
    }
}
