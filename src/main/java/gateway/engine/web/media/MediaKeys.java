package gateway.engine.web.media;

import java.util.Arrays;

import gateway.engine.web.primitive.Hkdf;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/**
 * What a file is encrypted and authenticated with, derived of its media key. {@code reference} is unused by clients.
 */
public record MediaKeys(byte[] iv, byte[] cipher, byte[] mac, byte[] reference) {
    /** The length of a media key, in bytes. */
    public static final int MEDIA_KEY_BYTES = 32;

    private static final int DERIVED_BYTES = 112;

    /**
     * The keys of a file.
     *
     * @throws WireRefusal ({@code BAD_KEY}) for a media key that is not of 32 bytes
     */
    public static MediaKeys of(byte[] mediaKey, MediaKind kind) throws WireRefusal {
        if (mediaKey.length != MEDIA_KEY_BYTES) {
            throw new WireRefusal(Reason.BAD_KEY, "a media key has " + mediaKey.length + " bytes instead of 32");
        }
        byte[] block = Hkdf.derive(mediaKey, Hkdf.NO_SALT, kind.info(), DERIVED_BYTES);
        return new MediaKeys(
                Arrays.copyOf(block, 16),
                Arrays.copyOfRange(block, 16, 48),
                Arrays.copyOfRange(block, 48, 80),
                Arrays.copyOfRange(block, 80, DERIVED_BYTES));
    }
}
