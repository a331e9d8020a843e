package gateway.webhook;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import javax.net.ssl.SSLContext;

import gateway.config.Cidr;
import gateway.engine.Content;
import gateway.engine.Event;
import gateway.engine.Jid;
import gateway.store.Database;
import gateway.secret.Seals;
import gateway.store.Store;

/** A real database file and a webhook room on it, with a clock that moves when told. */
final class Rig implements AutoCloseable {
    static final String SECRET = "4f1c7a0d9b2e48f6a3c5d7e9f1b3a5c7";
    static final Account ACCOUNT = new Account("main", Optional.of(Jid.ofPhone("6281100000000")));
    static final Jid SENDER = Jid.ofPhone("6281234567890");

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

    Rig(Path directory, Endpoint... endpoints) {
        this(directory, new Clock(), Courier.TOTAL, Optional.empty(), endpoints);
    }

    Rig(Path directory, Clock clock, Duration total, Optional<Resolver> resolver, Endpoint... endpoints) {
        this.clock = clock;
        this.store = open(directory);
        store.write(tx -> tx.insert("INSERT INTO device (id, created_at) VALUES ('main', 1) ON CONFLICT (id) DO NOTHING"));
        this.webhooks = new Webhooks(parts(directory, store, clock, resolver), List.of(endpoints), total);
    }

    /**
     * The database of a test: a file in its directory, or with {@code -Dgateway.test.postgres=host:port} one of its own on
     * that server (user and password postgres).
     */
    static Store open(Path directory) {
        var server = System.getProperty("gateway.test.postgres");
        if (server == null) {
            return Store.open(new Database.Sqlite(directory.resolve("whatsapp.db")));
        }
        var host = server.split(":");
        var name = "t" + Integer.toHexString(directory.hashCode());
        var administration = "jdbc:postgresql://" + server + "/postgres";
        try (var connection = DriverManager.getConnection(administration, "postgres", "postgres");
             var statement = connection.createStatement();
             var found = statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + name + "'")) {
            if (!found.next()) {
                statement.execute("CREATE DATABASE " + name);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return Store.open(new Database.Postgres(host[0], Integer.parseInt(host[1]), name, "postgres", "postgres", Map.of()));
    }

    static Webhooks.Parts parts(Path directory, Store store, InstantSource clock, Optional<Resolver> resolver) {
        try {
            var tls = SSLContext.getDefault();
            return new Webhooks.Parts(store, Seals.of(store, directory), LOOPBACK, resolver, () -> tls,
                    clock, new Random(1), WebhookMetrics.NONE);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static final AddressRules LOOPBACK = new AddressRules(true, List.of(Cidr.parse("127.0.0.0/8")));

    static Endpoint endpoint(String id, String url) {
        return endpoint(id, url, Secrets.of(SECRET));
    }

    static Endpoint endpoint(String id, String url, Secrets secrets) {
        return new Endpoint(id, url, secrets, Set.of(), List.of(), PayloadDialect.V7, true, "", true);
    }

    static Event.Message message(String id, String text) {
        return new Event.Message(id, SENDER, SENDER, false, "Ana", new Content.Text(text, "", false, 0), 1_763_719_200_000L);
    }

    /** Stores the event as messaging does, and sets it going. */
    Notice happen(Event event) {
        var notice = webhooks.notice(ACCOUNT, event);
        store.write(tx -> {
            webhooks.enqueue(tx, notice);
            return null;
        });
        webhooks.wake(notice);
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
