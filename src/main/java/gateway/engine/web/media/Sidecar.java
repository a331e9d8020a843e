package gateway.engine.web.media;

import java.io.ByteArrayOutputStream;
import java.util.Objects;
import javax.crypto.Mac;

import org.jspecify.annotations.Nullable;

import gateway.engine.web.primitive.Hmac;

/**
 * The streaming sidecar: a MAC of ten bytes for every 64 KiB of an upload and the 16 bytes that follow, so that a
 * player may check a film while it comes. Ends with the first window that reaches the end of the upload.
 */
final class Sidecar {
    static final int WINDOW_BYTES = 65_536;

    private static final int OVERLAP_BYTES = 16;

    private final byte[] key;
    private final ByteArrayOutputStream macs = new ByteArrayOutputStream();
    private Mac window;
    private @Nullable Mac following;
    private long position;

    Sidecar(byte[] key) {
        this.key = key;
        this.window = Hmac.running(key);
    }

    void update(byte[] upload, int from, int length) {
        int at = from;
        int left = length;
        while (left > 0) {
            long inWindow = position - start();
            long boundary = inWindow < WINDOW_BYTES ? WINDOW_BYTES : WINDOW_BYTES + OVERLAP_BYTES;
            if (inWindow == WINDOW_BYTES + OVERLAP_BYTES) {
                macs.write(window.doFinal(), 0, MediaCipher.MAC_BYTES);
                window = Objects.requireNonNull(following);
                following = null;
                continue;
            }
            if (inWindow >= WINDOW_BYTES && following == null) {
                following = Hmac.running(key);
            }
            int step = (int) Math.min(left, boundary - inWindow);
            window.update(upload, at, step);
            if (following != null) {
                following.update(upload, at, step);
            }
            position += step;
            at += step;
            left -= step;
        }
    }

    byte[] finish() {
        macs.write(window.doFinal(), 0, MediaCipher.MAC_BYTES);
        return macs.toByteArray();
    }

    private long start() {
        return (long) macs.size() / MediaCipher.MAC_BYTES * WINDOW_BYTES;
    }
}
