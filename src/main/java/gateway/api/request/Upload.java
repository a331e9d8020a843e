package gateway.api.request;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A file on its way in, under a name of our own. Nobody has looked into it yet.
 *
 * @param field the request's name for it
 * @param name what the client calls it, without a path
 */
public record Upload(String field, String name, Path file, long size) {

    /** Removes the file unless somebody kept it. */
    public void discard() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The reply is decided already, and the next start removes the file.
            System.getLogger(Upload.class.getName())
                    .log(
                            Level.WARNING,
                            "An upload could not be removed: {0}",
                            e.getClass().getName());
        }
    }

    /** The first of these files that a field has this name; null when there is none. */
    static @Nullable Upload named(String field, List<Upload> files) {
        for (var file : files) {
            if (file.field().equals(field)) {
                return file;
            }
        }
        return null;
    }
}
