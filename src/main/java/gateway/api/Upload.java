package gateway.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file on its way in, under a name of our own. Nobody has looked into it yet.
 *
 * @param field the request's name for it
 * @param name what the client calls it, without a path
 */
record Upload(String field, String name, Path file, long size) {

    /** Removes the file unless somebody kept it. */
    void discard() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
