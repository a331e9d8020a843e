package gateway.wiring;

import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import io.helidon.webserver.http.HttpRules;

import gateway.audit.AuditEntry;
import gateway.audit.SecurityEvent;
import gateway.audit.SecurityLog;
import gateway.budget.HeapWatch;
import gateway.budget.MemoryBudget;
import gateway.config.Settings;
import gateway.config.reading.SettingsReader;
import gateway.http.hardened.HardenedServer;
import gateway.metrics.Metrics;
import gateway.process.Heartbeat;
import gateway.process.Resources;
import gateway.process.SystemdNotify;
import gateway.process.Workers;
import gateway.secret.KeyRing;
import gateway.secret.Ledger;
import gateway.secret.Snapshot;

/**
 * What both servers are built on: the one with the REST API, and the one with the Admin API.
 *
 * @param rotated  what the ledger held at the start
 * @param settings with what the ledger held applied
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

    /** Makes the memory budget of a listener's requests, and connects its metrics. */
    MemoryBudget budget(Resources parts) {
        var budget = new MemoryBudget(MemoryBudget.shareOfHeap(), parts.add(new HeapWatch().start()), metrics.budget());
        metrics.budget(budget);
        return budget;
    }

    /**
     * Tells the service manager that the server listens, and from then on that it lives.
     *
     * @param lives whether the server serves; must answer soon
     */
    void ready(SystemdNotify manager, String url, BooleanSupplier lives, Resources parts) {
        manager.ready("Listening on " + url);
        manager.watchdogPeriod().ifPresent(period -> parts.add(new Heartbeat(period, lives, manager::alive, workers)));
    }

    /**
     * Opens the listener that Prometheus asks, on an address of its own: it serves without credentials.
     *
     * @param more adds what Prometheus may ask besides the metrics
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
