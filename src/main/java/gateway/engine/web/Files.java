package gateway.engine.web;

import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import gateway.engine.web.connection.ConnectionEnded;
import gateway.engine.web.connection.RequestRefused;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.media.Downloads;
import gateway.engine.web.media.MediaHosts;
import gateway.engine.web.media.SealedFile;
import gateway.engine.web.primitive.WireRefusal;

/** The files that the account's phone hands over by WhatsApp's media hosts. One is in memory at a time, of all accounts. */
final class Files {
    private static final int MILLIS = 1_000;
    private static final Semaphore TURN = new Semaphore(1, true);

    private final Downloads downloads;
    private final InstantSource clock;
    private @Nullable MediaHosts hosts;
    private long until;

    Files(Downloads downloads, InstantSource clock) {
        this.downloads = downloads;
        this.clock = clock;
    }

    /** What is done with a file. */
    interface Deed<T> {
        T run()
                throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException, IOException,
                        WireRefusal;
    }

    /** Does something with a file while nobody else has one. */
    <T> T whileAlone(Deed<T> deed)
            throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException, IOException, WireRefusal {
        TURN.acquire();
        try {
            return deed.run();
        } finally {
            TURN.release();
        }
    }

    /** Fetches a file, as {@link Downloads#open}; to be used within {@link #whileAlone}. */
    InputStream open(SealedFile file, int maxBytes, WebConnection connection)
            throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException, IOException, WireRefusal {
        return downloads.open(hosts(connection), file, maxBytes);
    }

    private synchronized MediaHosts hosts(WebConnection connection)
            throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException, WireRefusal {
        MediaHosts known = hosts;
        if (known == null || clock.millis() >= until) {
            known = MediaHosts.of(connection.request(MediaHosts.question()));
            until = clock.millis() + known.validSeconds() * MILLIS;
            hosts = known;
        }
        return known;
    }
}
