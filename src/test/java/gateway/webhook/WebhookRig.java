package gateway.webhook;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import gateway.database.Databases;
import gateway.engine.Event;
import gateway.outbound.Resolver;
import gateway.store.Database;
import gateway.store.SqlDialect;
import gateway.store.Store;

/** A real database and a webhook room on it, with a clock that moves when told. */
final class WebhookRig implements AutoCloseable {
    private static final Map<Path, Database> DATABASES = new ConcurrentHashMap<>();

    final Clock clock;
    final Store store;
    final Webhooks webhooks;

    /** Stands still until moved. */
    static final class Clock implements InstantSource {
        private volatile Instant now = Instant.parse("2026-11-21T10:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        void advance(Duration by) {
            now = now.plus(by);
        }
    }

    WebhookRig(SqlDialect dialect, Path directory, Endpoint... endpoints) {
        this(dialect, directory, new Clock(), Courier.TOTAL, Optional.empty(), endpoints);
    }

    WebhookRig(
            SqlDialect dialect,
            Path directory,
            Clock clock,
            Duration total,
            Optional<Resolver> resolver,
            Endpoint... endpoints) {
        this.clock = clock;
        this.store = open(dialect, directory);
        store.write(
                tx -> tx.insert("INSERT INTO device (id, created_at) VALUES ('main', 1) ON CONFLICT (id) DO NOTHING"));
        this.webhooks = new Webhooks(WebhookGiven.parts(directory, store, clock, resolver), List.of(endpoints), total);
    }

    /** The database of a test's directory; the same one for whoever asks with that directory again. */
    static Store open(SqlDialect dialect, Path directory) {
        return Store.open(DATABASES.computeIfAbsent(directory, place -> Databases.fresh(dialect, place)));
    }

    /** Stores the event as messaging does, and sets it going. */
    Fanout happen(Event event) {
        var notice = webhooks.notice(WebhookGiven.ACCOUNT, event);
        store.write(tx -> {
            webhooks.enqueue(tx, notice);
            return null;
        });
        webhooks.wakeAll();
        return notice;
    }

    void advance(Duration by) {
        clock.advance(by);
        webhooks.wakeAll();
    }

    long count(String where) {
        return store.number("SELECT count(*) FROM delivery WHERE " + where);
    }

    @Override
    public void close() {
        webhooks.close();
        store.close();
    }
}
