package gateway.engine.web.media;

import java.util.Optional;

import com.google.protobuf.ByteString;

import gateway.engine.web.proto.HistoryProto.ExternalBlobReference;
import gateway.engine.web.proto.MessageProto.HistorySyncNotification;

/**
 * A file on the media hosts, as a message or a collection names it.
 *
 * @param path       its path with the query
 * @param length     its length as it is stated, in bytes; 0 when it is not stated
 */
public record SealedFile(
        MediaKind kind, String path, byte[] mediaKey, byte[] fileEncSha256, Optional<byte[]> fileSha256, long length) {

    /** The mutations or the snapshot of a collection. */
    public static SealedFile of(ExternalBlobReference blob) {
        return new SealedFile(
                MediaKind.APP_STATE,
                blob.getDirectPath(),
                blob.getMediaKey().toByteArray(),
                blob.getFileEncSha256().toByteArray(),
                stated(blob.getFileSha256()),
                blob.getFileSizeBytes());
    }

    /** A part of the history. */
    public static SealedFile of(HistorySyncNotification part) {
        return new SealedFile(
                MediaKind.HISTORY,
                part.getDirectPath(),
                part.getMediaKey().toByteArray(),
                part.getFileEncSha256().toByteArray(),
                stated(part.getFileSha256()),
                part.getFileLength());
    }

    private static Optional<byte[]> stated(ByteString hash) {
        return hash.isEmpty() ? Optional.empty() : Optional.of(hash.toByteArray());
    }
}
