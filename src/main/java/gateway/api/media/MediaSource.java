package gateway.api.media;

import java.io.IOException;
import java.nio.file.Path;

/** Where files come from that a client named by a URL. */
@FunctionalInterface
public interface MediaSource {

    /**
     * Downloads to a file that does not exist yet; when it fails, the file is not there either.
     *
     * @param most bytes; a larger file is refused
     * @throws IOException      whose message is one sentence for the client
     * @throws gateway.engine.FilesUnavailable when the file cannot be written
     */
    void fetch(String url, long most, Path file) throws IOException;

    /** As this source, with an upper limit for files of every kind, in bytes. */
    default MediaSource upTo(long limit) {
        return (url, most, file) -> fetch(url, Math.min(most, limit), file);
    }

    /** Refuses every URL: for a gateway that may not reach out. */
    MediaSource NONE = (url, most, file) -> {
        throw new IOException("Files cannot be fetched from a URL here; upload the file instead.");
    };
}
