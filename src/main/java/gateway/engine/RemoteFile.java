package gateway.engine;

import java.util.regex.Pattern;

/**
 * A file that WhatsApp announced and that was not downloaded yet. {@link Session#fetch} downloads it. Where the file
 * lies and the key that opens it are the engine's own state, under the message's id: neither is part of the message.
 *
 * @param mime what its sender says it is; not judged yet
 * @param name what its sender called it; may be empty
 * @param size bytes, as announced
 * @param sha256 of the file, lower-case hexadecimal; empty when it was not announced
 */
public record RemoteFile(String mime, String name, long size, String sha256) implements Attachment {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}|");

    public RemoteFile {
        if (size < 0 || !HASH.matcher(sha256).matches()) {
            throw new IllegalArgumentException("an announced file has a size of at least 0 and a SHA-256, or no hash");
        }
    }
}
