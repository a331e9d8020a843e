package gateway.process;

import java.io.IOException;

/**
 * The storage of files did not take or give one: a full disk, no file descriptors, a failed device. The server is at
 * fault and not the file, so the client may ask again.
 */
public final class FilesUnavailable extends RuntimeException {
    public FilesUnavailable(IOException cause) {
        super("the storage of files failed", cause);
    }
}
