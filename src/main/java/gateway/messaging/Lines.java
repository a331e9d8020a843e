package gateway.messaging;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

import gateway.engine.EngineDirectory;
import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Session;
import gateway.process.Workers;
import gateway.store.Store;

/** The lines of the accounts that this node serves. */
final class Lines implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Lines.class.getName());
    /** Between two attempts to open a line again while the database is away. */
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Parts parts;
    private final Predicate<String> held;
    private final BiConsumer<String, Session.Status> standing;
    private final Map<String, Line> lines = new ConcurrentHashMap<>();

    /** What lines are made of. */
    record Parts(
            Store store,
            EngineDirectory engines,
            Outbox outbox,
            EventSink webhooks,
            InstantSource clock,
            AutoActions auto,
            Pacing pacing,
            Workers workers) {}

    /**
     * @param held     whether an account is held, as the database says at this moment: no line of it is opened then
     * @param standing is told how an account's line stands, whenever that may have changed
     */
    Lines(Parts parts, Predicate<String> held, BiConsumer<String, Session.Status> standing) {
        this.parts = parts;
        this.held = held;
        this.standing = standing;
    }

    List<String> devices() {
        return List.copyOf(lines.keySet());
    }

    /** Empty when the account has no line here. */
    Optional<Session> session(String device) {
        return Optional.ofNullable(lines.get(device)).map(Line::session);
    }

    boolean isOpen(String device) {
        return lines.containsKey(device);
    }

    /** Opens the account's line when it has none, and nobody holds the account. */
    void line(String device, Store state, BooleanSupplier ours) {
        lines.computeIfAbsent(device, id -> held.test(id) ? null : open(id, state, ours));
    }

    private Line open(String id, Store state, BooleanSupplier ours) {
        var inbox = new Inbox(
                id,
                state,
                parts.webhooks(),
                parts.clock(),
                new Inbox.Line() {
                    @Override
                    public void wake() {
                        Optional.ofNullable(lines.get(id)).ifPresent(line -> {
                            line.wake();
                            report(id, line);
                        });
                    }

                    @Override
                    public Optional<Session> session() {
                        return Lines.this.session(id);
                    }
                },
                parts.auto(),
                parts.outbox().storage());
        var name = parts.store()
                .one(row -> row.text(1), "SELECT engine FROM device WHERE id = ?", id)
                .orElse("");
        var engine = parts.engines().find(name);
        var session = engine.map(found -> found.open(id, state, inbox)).orElseGet(() -> unserved(id, name));
        var sender =
                new Sender(id, session, state, parts.outbox(), parts.clock(), parts.pacing(), ours, parts.workers());
        parts.outbox().attach(id, sender::offered);
        sender.start();
        var line = new Line(engine, session, Optional.of(sender), state, ours);
        report(id, line);
        return line;
    }

    private void close(String device, Line line) {
        parts.outbox().detach(device);
        line.stopSending();
        line.session().close();
    }

    /**
     * Ends the account's line, changes what is stored of the account, and opens its line again if the account is still
     * there. As long as that takes, and as long as the database is away, requests for the account are told to come
     * again.
     *
     * @throws EngineRefusal {@code TRY_LATER} when somebody else is at it already
     */
    boolean away(String device, String what, Consumer<Line> work) {
        var line = lines.get(device);
        if (line == null) {
            return false;
        }
        if (line.isAway()) {
            throw new EngineRefusal(Reason.TRY_LATER, "This device is being changed already. Ask again.");
        }
        var between = line.away(new EngineRefusal(Reason.TRY_LATER, "This device " + what + ". Ask again."));
        if (!lines.replace(device, line, between)) {
            return away(device, what, work);
        }
        try {
            parts.outbox().detach(device);
            line.end(device);
            work.accept(line);
        } finally {
            if (!again(device, between)) {
                Thread.ofVirtual().name("line-" + device).start(() -> againLater(device, between));
            }
        }
        return true;
    }

    /**
     * Opens the line of an account that is between two, unless the account is gone or held. False when it must be tried
     * again.
     */
    private boolean again(String device, Line between) {
        try {
            if (parts.store().number("SELECT count(*) FROM device WHERE id = ?", device) == 0 || held.test(device)) {
                lines.remove(device, between);
                return true;
            }
            var line = open(device, between.state(), between.ours());
            if (lines.replace(device, between, line)) {
                report(device, line);
            } else {
                // Another node has the account by now, it is held, or this node stops.
                close(device, line);
            }
            return true;
        } catch (RuntimeException fault) {
            LOG.log(System.Logger.Level.WARNING, "the line of " + device + " cannot be opened; trying again", fault);
            return false;
        }
    }

    private void againLater(String device, Line between) {
        do {
            LockSupport.parkNanos(AGAIN_NANOS);
        } while (lines.get(device) == between && !again(device, between));
    }

    /** Closes the account's line once what is under way has ended. */
    void end(String device) {
        Optional.ofNullable(lines.remove(device)).ifPresent(line -> close(device, line));
    }

    private void report(String device, Line line) {
        standing.accept(device, line.session().status());
    }

    private Session unserved(String device, String engine) {
        var why = "the engine of this account is " + engine + ", which this gateway does not offer; choose one of "
                + String.join(", ", parts.engines().names()) + " with POST /devices/" + device + "/engine";
        LOG.log(System.Logger.Level.WARNING, "account {0}: {1}", device, why);
        return new UnservedSession(new EngineRefusal(Reason.UNSUPPORTED, why));
    }

    /** Stops sending, lets what is under way end, and closes the lines. */
    @Override
    public void close() {
        lines.keySet().forEach(parts.outbox()::detach);
        lines.values().forEach(Line::stopSending);
        lines.values().forEach(line -> line.session().close());
        lines.clear();
    }
}
