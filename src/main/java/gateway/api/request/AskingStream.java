package gateway.api.request;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import gateway.auth.Grant;

/** A download that asks once a second whether its client may still have it, and is cut short when not. */
public final class AskingStream extends FilterOutputStream {
    private static final long ASK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Optional<Grant> grant;
    private long asked = System.nanoTime();

    /** @param grant the right by which the download began; empty when nobody had to say who they are */
    public AskingStream(OutputStream out, Optional<Grant> grant) {
        super(out);
        this.grant = grant;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        long now = System.nanoTime();
        if (now - asked >= ASK_NANOS) {
            asked = now;
            if (grant.isPresent() && grant.get().now().isEmpty()) {
                throw new IOException("the credential was revoked during the download");
            }
        }
        out.write(bytes, offset, length);
    }
}
