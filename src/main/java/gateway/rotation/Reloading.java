package gateway.rotation;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import sun.misc.Signal;

import gateway.audit.AuditEntry;
import gateway.audit.AuditUnavailable;
import gateway.audit.SecurityEvent;
import gateway.audit.SecurityLog;
import gateway.config.Settings;
import gateway.config.catalogue.SecretKind;
import gateway.config.reading.Configuration;
import gateway.config.reading.SettingsReader;
import gateway.process.ExplainedFault;
import gateway.process.Rounds;
import gateway.process.WorkerKind;
import gateway.process.Workers;
import gateway.secret.Entry;
import gateway.secret.Ledger;
import gateway.secret.Snapshot;

/**
 * Takes secrets over while the gateway runs: on SIGHUP, when a file they come from changes, and when it is time to ask
 * a secret store again. Everything is read and checked first; then all parts change together, or none does. Settings
 * that are no secrets need a restart, and the log says which.
 */
@SuppressWarnings("try") // close() waits for the reading thread, so it may throw InterruptedException
public final class Reloading implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Reloading.class.getName());
    /** How soon an old secret whose time is over is also forgotten. It is refused at once. */
    private static final Duration FORGET = Duration.ofSeconds(30);

    /** Something that uses secrets. */
    @FunctionalInterface
    public interface Part {
        /**
         * Checks the secrets and makes ready. What it returns takes over and cannot fail.
         *
         * @throws ExplainedFault with one sentence, when the part cannot work with them
         */
        Runnable ready(Settings next, Snapshot ledger);
    }

    private final SettingsReader reader;
    private final Ledger ledger;
    private final List<Part> parts;
    private final SecurityLog log;
    private final ReloadMetrics metrics;
    private final InstantSource clock;
    private final Workers workers;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<Configuration.Effective> atStart;
    private Settings settings;
    /** The ledger as the parts know it. */
    private Snapshot known;
    /** The ledger as the metrics tell of it. */
    private volatile Snapshot latest;

    private List<String> restartTold = List.of();

    /** @param first what the gateway was started with, as it was read */
    public Reloading(
            SettingsReader reader,
            Configuration first,
            Ledger ledger,
            List<Part> parts,
            SecurityLog log,
            ReloadMetrics metrics,
            InstantSource clock,
            Workers workers) {
        this.workers = workers;
        this.reader = reader;
        this.atStart = first.values();
        this.ledger = ledger;
        this.parts = parts;
        this.log = log;
        this.metrics = metrics;
        this.clock = clock;
        this.known = ledger.read();
        this.latest = known;
        this.settings = known.applied(first.settings().orElseThrow());
    }

    /** Begins to follow changes, after a first look at what changed since the start. */
    public void start() {
        open.add(ledger.serve(reader.role()));
        var watched = reader.watched();
        var wanted = new HashMap<Path, Predicate<String>>();
        wanted.put(watched.dotEnv().getParent(), watched.dotEnv().getFileName().toString()::equals);
        watched.directories().forEach(directory -> wanted.put(directory, name -> !name.endsWith(".new")));
        wanted.put(ledger.directory(), Ledger::concerns);
        open.add(new FileWatch(wanted, this::reload, workers));
        var turns = new Rounds(WorkerKind.RELOADING, workers);
        open.add(turns);
        turns.every(FORGET, FORGET, worker -> forget());
        if (reader.remote()) {
            var every =
                    Duration.ofMillis(Math.max(1, settings.sealing().refresh().toMillis()));
            turns.every(every, every, worker -> reload());
        }
        Signal.handle(
                new Signal("HUP"),
                signal -> Thread.ofPlatform().name("reload-hup").start(this::reload));
        reload();
    }

    /** Reads everything and takes it over. False when it was refused, and nothing changed. */
    synchronized boolean reload() {
        try {
            // Before the sources: whoever waits for this revision has written them by then.
            long revision = ledger.read().revision();
            var read = reader.read();
            if (read.settings().isEmpty()) {
                throw new ExplainedFault(read.errors().stream()
                        .map(problem -> problem.sentence())
                        .collect(Collectors.joining(" ")));
            }
            var ledgerNow = ledger.read();
            var next = ledgerNow.applied(read.settings().get());
            var ready = parts.stream().map(part -> part.ready(next, ledgerNow)).toList();
            var changed = changed(next, ledgerNow);
            if (!changed.isEmpty()) {
                log.write(AuditEntry.system(
                        SecurityEvent.CONFIG_CHANGED,
                        AuditEntry.SUCCESS,
                        Map.of("secrets", String.join(",", changed))));
                ready.forEach(Runnable::run);
                LOG.log(Level.INFO, "Taken over while running: {0}", String.join(", ", changed));
            }
            tellOfRestart(read);
            settings = next;
            known = ledgerNow;
            ledger.taken(reader.role(), revision);
            forget();
            metrics.succeeded();
            return true;
        } catch (RuntimeException refusal) {
            refused(refusal);
            return false;
        }
    }

    private void refused(RuntimeException refusal) {
        metrics.failed();
        boolean explained = refusal instanceof ExplainedFault || refusal instanceof AuditUnavailable;
        LOG.log(
                Level.ERROR,
                "The changed settings are refused, the old ones stay in force. {0}",
                explained ? refusal.getMessage() : refusal.getClass().getName());
        try {
            log.write(AuditEntry.system(SecurityEvent.CONFIG_REFUSED, AuditEntry.REFUSED, Map.of()));
        } catch (AuditUnavailable told) {
            LOG.log(Level.DEBUG, "the security log does not take it either", told);
        }
    }

    /** The labels of the secrets that become other ones, or whose old one does. */
    private List<String> changed(Settings next, Snapshot ledgerNow) {
        var now = clock.instant();
        return Arrays.stream(SecretKind.values())
                .filter(kind -> !kind.in(next).equals(kind.in(settings))
                        || !ledgerNow.old(kind, next, now).equals(known.old(kind, settings, now)))
                .map(SecretKind::label)
                .toList();
    }

    private void tellOfRestart(Configuration read) {
        var secrets =
                Arrays.stream(SecretKind.values()).map(SecretKind::settingName).toList();
        var differing = new ArrayList<String>();
        for (int i = 0; i < read.values().size(); i++) {
            var value = read.values().get(i);
            if (!secrets.contains(value.name())
                    && !value.shown().equals(atStart.get(i).shown())) {
                differing.add(value.name());
            }
        }
        if (!differing.isEmpty() && !differing.equals(restartTold)) {
            LOG.log(Level.WARNING, "Changed, but only a restart takes it over: {0}", String.join(", ", differing));
        }
        restartTold = List.copyOf(differing);
    }

    /** Notes how old the secrets are and forgets old ones whose time is over. */
    private synchronized void forget() {
        for (var kind : ledger.observe(settings)) {
            log.write(AuditEntry.system(
                    SecurityEvent.SENSITIVE_DELETE,
                    AuditEntry.SUCCESS,
                    Map.of("secret", kind.label(), "why", "its overlap is over")));
        }
        latest = ledger.read();
        for (var kind : SecretKind.values()) {
            latest.entry(kind)
                    .filter(entry -> entry.since() > 0)
                    .ifPresent(entry -> metrics.secret(
                            kind,
                            () -> latest.entry(kind).map(Entry::since).orElse(0L),
                            () -> latest.entry(kind).map(Entry::oldUsed).orElse(0L)));
        }
    }

    @Override
    public void close() throws Exception {
        for (var part : open.reversed()) {
            part.close();
        }
    }
}
