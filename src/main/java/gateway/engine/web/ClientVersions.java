package gateway.engine.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

import gateway.engine.web.pairing.ClientVersion;

/**
 * The version of the web client that this process claims to be. It is the setting's where there is one; else the newest
 * of the built-in version, the one of the last good login, and the one that WhatsApp's own page names (web-1 §1.6).
 */
final class ClientVersions {
    private static final System.Logger LOG = System.getLogger(ClientVersions.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** The page is asked for at most this often, however many accounts are refused. */
    private static final Duration BETWEEN = Duration.ofMinutes(5);
    /** What is older than this is asked for again with the next connection. */
    private static final Duration FRESH = Duration.ofDays(1);

    private static final int FOUND = 200;
    private static final int MAX_PAGE_BYTES = 4 << 20;
    private static final String BROWSER = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36"
            + " (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

    private final boolean fixed;
    private final URI page;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile ClientVersion current;
    private volatile long nextAsk = System.nanoTime();
    private volatile long nextLook = nextAsk;

    /**
     * @param set    the setting's version; empty to find the newest
     * @param server where connections go; the page is on the same host
     */
    ClientVersions(Optional<ClientVersion> set, URI server) {
        this.fixed = set.isPresent();
        this.current = set.orElse(ClientVersion.BUILT_IN);
        this.page = URI.create((server.getScheme().equals("wss") ? "https://" : "http://") + server.getAuthority())
                .resolve("/sw.js");
    }

    ClientVersion current() {
        return current;
    }

    /** Another login was accepted with that version. */
    synchronized void accepted(ClientVersion version) {
        if (!fixed && version.isNewerThan(current)) {
            current = version;
        }
    }

    /** Asks WhatsApp's page aside, once a day. */
    void freshen(HttpClient client) {
        if (!fixed && System.nanoTime() - nextLook >= 0) {
            nextLook = System.nanoTime() + FRESH.toNanos();
            Thread.ofVirtual().name("web-version").start(() -> refresh(client));
        }
    }

    /**
     * Asks WhatsApp's page for the newest version. A page that does not answer, or names an older one, changes nothing.
     *
     * @param client goes the way of the account for which it asks
     */
    void refresh(HttpClient client) {
        if (fixed) {
            return;
        }
        // Whoever asks meanwhile waits for this answer; a login that was accepted does not.
        asking.lock();
        try {
            if (System.nanoTime() - nextAsk < 0) {
                return;
            }
            nextAsk = System.nanoTime() + BETWEEN.toNanos();
            HttpResponse<InputStream> answer = client.send(
                    HttpRequest.newBuilder(page)
                            .timeout(PATIENCE)
                            .header("User-Agent", BROWSER)
                            .header("Sec-Fetch-Site", "none")
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                Optional<ClientVersion> named = answer.statusCode() == FOUND
                        ? ClientVersion.named(new String(body.readNBytes(MAX_PAGE_BYTES), StandardCharsets.ISO_8859_1))
                        : Optional.empty();
                named.ifPresentOrElse(
                        this::accepted,
                        () -> LOG.log(Level.INFO, "WhatsApp's page names no version of its web client"));
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.log(Level.INFO, "the newest version of WhatsApp''s web client cannot be asked for: {0}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            asking.unlock();
        }
    }
}
