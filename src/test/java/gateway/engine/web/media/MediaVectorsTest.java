package gateway.engine.web.media;

import static gateway.engine.web.Vectors.bytes;
import static gateway.engine.web.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import gateway.engine.web.Vectors;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;
import gateway.engine.web.signal.FixedRandom;

class MediaVectorsTest {
    private static final MediaCipher.Expected ANY =
            new MediaCipher.Expected(Optional.empty(), Optional.empty(), Long.MAX_VALUE);
    private static final Map<String, MediaKind> KINDS = Map.of(
            "ptt",
            MediaKind.VOICE,
            "md-msg-hist",
            MediaKind.HISTORY,
            "md-app-state",
            MediaKind.APP_STATE,
            "thumbnail-link",
            MediaKind.LINK_THUMBNAIL,
            "thumbnail-document",
            MediaKind.DOCUMENT_THUMBNAIL);

    @Test
    void uploadsAreThoseOfTheVectorsByteForByte() throws Exception {
        for (JsonNode vector : Vectors.cases("media-encryption.json")) {
            String word = vector.get("kind").asText();
            MediaKind kind = KINDS.containsKey(word) ? KINDS.get(word) : MediaKind.valueOf(word.toUpperCase());
            assertEquals(vector.get("info").asText(), kind.info());
            MediaKeys keys = MediaKeys.of(bytes(vector, "mediaKey"), kind);
            assertArrayEquals(bytes(vector, "iv"), keys.iv());
            assertArrayEquals(bytes(vector, "macKey"), keys.mac());
            byte[] plain = vector.has("plaintext")
                    ? bytes(vector, "plaintext")
                    : pattern(vector.get("fileLength").asInt());
            ByteArrayOutputStream upload = new ByteArrayOutputStream();
            MediaCipher.Sealed sealed = MediaCipher.encrypt(new ByteArrayInputStream(plain), upload, keys);
            if (vector.has("upload")) {
                assertEquals(vector.get("upload").asText(), hex(upload.toByteArray()));
            }
            assertEquals(plain.length, sealed.fileLength());
            assertEquals(vector.get("fileSha256").asText(), hex(sealed.fileSha256()));
            assertEquals(vector.get("fileEncSha256").asText(), hex(sealed.fileEncSha256()));
            if (vector.has("streamingSidecar")) {
                assertEquals(
                        vector.get("streamingSidecar").asText(),
                        hex(sealed.sidecar()),
                        vector.get("id").asText());
            }
            MediaCipher.Expected exact = new MediaCipher.Expected(
                    Optional.of(sealed.fileSha256()), Optional.of(sealed.fileEncSha256()), plain.length);
            assertArrayEquals(plain, MediaCipher.decrypt(upload.toByteArray(), keys, exact));
        }
    }

    private static byte[] pattern(int length) {
        byte[] plain = new byte[length];
        for (int i = 0; i < length; i++) {
            plain[i] = (byte) (i * 167 + (i >> 8) * 13 + 5);
        }
        return plain;
    }

    @Test
    void filesOutsideOfStanzasAreRead() throws WireRefusal {
        for (JsonNode vector : Vectors.cases("app-state-blobs.json")) {
            MediaKind kind = KINDS.get(vector.get("type").asText());
            MediaCipher.Expected expected = new MediaCipher.Expected(
                    Optional.of(bytes(vector, "fileSha256")),
                    Optional.of(bytes(vector, "fileEncSha256")),
                    vector.get("fileLength").asLong());
            byte[] upload = bytes(vector, "encryptedFile");
            MediaKeys keys = MediaKeys.of(bytes(vector, "mediaKey"), kind);
            assertArrayEquals(bytes(vector, "plaintext"), MediaCipher.decrypt(upload, keys, expected));
        }
    }

    @Test
    void everyLengthComesBackAndNoChangeGoesUnseen() throws Exception {
        Random random = new Random(7);
        MediaKeys keys = MediaKeys.of(new byte[32], MediaKind.IMAGE);
        for (int length : new int[] {0, 1, 9, 15, 16, 17, 65_525, 65_526, 65_535, 65_536, 65_537, 131_072, 200_001}) {
            byte[] plain = new byte[length];
            random.nextBytes(plain);
            byte[] upload = MediaCipher.encrypt(plain, keys);
            assertArrayEquals(plain, MediaCipher.decrypt(upload, keys, ANY));
            byte[] changed = upload.clone();
            changed[random.nextInt(changed.length)] ^= 1;
            refused(Reason.BAD_MAC, () -> MediaCipher.decrypt(changed, keys, ANY));
            refused(
                    Reason.OVERSIZED,
                    () -> MediaCipher.decrypt(
                            upload, keys, new MediaCipher.Expected(Optional.empty(), Optional.empty(), length - 1)));
        }
    }

    @Test
    void whatDoesNotMatchTheMessageIsRefused() throws WireRefusal {
        MediaKeys keys = MediaKeys.of(new byte[32], MediaKind.VIDEO);
        byte[] upload = MediaCipher.encrypt(new byte[100], keys);
        refused(
                Reason.BAD_HASH,
                () -> MediaCipher.decrypt(
                        upload, keys, new MediaCipher.Expected(Optional.of(new byte[32]), Optional.empty(), 1000)));
        refused(
                Reason.BAD_HASH,
                () -> MediaCipher.decrypt(
                        upload, keys, new MediaCipher.Expected(Optional.empty(), Optional.of(new byte[32]), 1000)));
        for (int length = 0; length < upload.length; length++) {
            byte[] cut = Arrays.copyOf(upload, length);
            assertThrows(WireRefusal.class, () -> MediaCipher.decrypt(cut, keys, ANY));
        }
        refused(Reason.BAD_KEY, () -> MediaKeys.of(new byte[31], MediaKind.VIDEO));
    }

    @Test
    void mediaRetriesAreThoseOfTheVectors() throws WireRefusal {
        for (JsonNode vector : Vectors.cases("media-retry.json")) {
            byte[] key = bytes(vector, "mediaKey");
            String id = vector.get("messageId").asText();
            assertArrayEquals(bytes(vector, "retryKey"), MediaRetry.key(key));
            JsonNode asked = vector.get("request");
            MediaRetry.Encrypted request = MediaRetry.request(key, id, new FixedRandom().give(bytes(asked, "enc_iv")));
            assertArrayEquals(bytes(asked, "enc_p"), request.payload());
            JsonNode said = vector.get("notification");
            MediaRetry.Encrypted encrypted = new MediaRetry.Encrypted(bytes(said, "enc_iv"), bytes(said, "enc_p"));
            MediaRetry.Answer answer = MediaRetry.read(key, id, encrypted);
            assertEquals(said.get("result").asInt(), answer.result().ordinal());
            assertEquals(
                    said.get("directPath").isNull()
                            ? Optional.empty()
                            : Optional.of(said.get("directPath").asText()),
                    answer.directPath());
            refused(Reason.BAD_MAC, () -> MediaRetry.read(key, id + "0", encrypted));
        }
    }

    private static void refused(Reason reason, Executable attempt) {
        assertEquals(reason, assertThrows(WireRefusal.class, attempt).reason());
    }
}
