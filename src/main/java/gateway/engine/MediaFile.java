package gateway.engine;

import java.util.regex.Pattern;

/**
 * A file of a message that is kept by {@link MediaFiles}.
 *
 * @param id its name on disk, generated: nothing of a client's name is in it
 * @param mime what it is, judged by its own first bytes
 * @param name what its sender called it, for people only; may be empty
 * @param size bytes
 * @param sha256 lower-case hexadecimal
 */
public record MediaFile(String id, String mime, String name, long size, String sha256) implements Attachment {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}\\.[a-z0-9]{1,5}");

    public MediaFile {
        if (!isId(id)) {
            throw new IllegalArgumentException("not the name of a kept file");
        }
    }

    /** Whether the text can be the name of a kept file. */
    public static boolean isId(String text) {
        return ID.matcher(text).matches();
    }
}
