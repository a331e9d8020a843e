package gateway.wiring;

import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.function.Consumer;

import io.helidon.webserver.http.HttpRules;

import gateway.audit.AuditEntry;
import gateway.audit.SecurityEvent;
import gateway.audit.SecurityLog;
import gateway.config.Settings;
import gateway.config.reading.SettingsReader;
import gateway.http.hardened.HardenedServer;
import gateway.metrics.Metrics;
import gateway.process.Workers;
import gateway.secret.KeyRing;
import gateway.secret.Ledger;
import gateway.secret.Snapshot;

/**
 * What both servers are built on.
 *
 * @param rotated  what the ledger held at the start
 * @param settings with that applied
 */
record Groundwork(KeyRing keys, Ledger ledger, Snapshot rotated, Settings settings, Metrics metrics, Workers workers) {

    private static final System.Logger LOG = System.getLogger(Groundwork.class.getName());

    /**
     * @param read the settings as they stand in their sources; their storage directory is there and closed to others
     */
    static Groundwork of(Settings read, SettingsReader reader, String version) {
        if (read.profile().isRehearsal()) {
            LOG.log(
                    Level.WARNING,
                    "REHEARSAL: the rules of production hold, but WhatsApp may be a twin on this machine;"
                            + " nothing that is sent here is promised to reach anybody");
        }
        var keys = Wiring.keys(read, () -> reader.read().settings().orElse(read));
        var ledger = Wiring.ledger(read, keys);
        var rotated = ledger.read();
        var metrics = new Metrics();
        metrics.build(version);
        metrics.profile(read.profile().text());
        var workers = new Workers();
        metrics.workers(workers);
        return new Groundwork(keys, ledger, rotated, rotated.applied(read), metrics, workers);
    }

    /**
     * Opens the listener that Prometheus asks, on an address of its own: it serves without credentials.
     *
     * @param more what it may ask besides
     */
    HardenedServer scrape(int port, Consumer<HttpRules> more) {
        return HardenedServer.builder("metrics")
                .address(settings.metrics().host())
                .port(port)
                .workers(workers)
                .routes(routes -> {
                    routes.get("/metrics", (request, response) -> {
                        response.header("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
                        response.send(metrics.text());
                    });
                    more.accept(routes);
                })
                .start();
    }

    /**
     * Writes down that the server serves and, when closed, that it was told to stop: a log that ends without was cut
     * off.
     */
    static AutoCloseable serving(SecurityLog log, String version) {
        log.write(new AuditEntry(
                SecurityEvent.SYS_STARTUP, "-", "-", "-", AuditEntry.SUCCESS, Map.of("version", version)));
        return () -> log.write(new AuditEntry(
                SecurityEvent.SYS_SHUTDOWN, "-", "-", "-", AuditEntry.SUCCESS, Map.of("version", version)));
    }
}
