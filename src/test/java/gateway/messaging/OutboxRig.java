package gateway.messaging;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.helidon.dbclient.DbClientException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import gateway.database.Databases;
import gateway.engine.Content;
import gateway.engine.Jid;
import gateway.store.SqlDialect;
import gateway.store.Store;

/** An outbox on a real database with an engine that does as it is told, opened anew for each test. */
abstract class OutboxRig {
    static final Jid ANN = Jid.ofPhone("6281234567890");
    static final Jid BOB = Jid.ofPhone("6281234567891");
    static final String DEVICE = "default";
    static final Chats.MessageQuery ALL = new Chats.MessageQuery(
            100, 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false, "");

    @TempDir
    Path directory;

    final SqlDialect dialect;
    final ScriptedEngine engine = new ScriptedEngine();
    final AtomicInteger refused = new AtomicInteger();
    Store store;
    Outbox outbox;
    Accounts accounts;

    OutboxRig(SqlDialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open() {
        store = Store.open(Databases.fresh(dialect, directory));
        outbox = new Outbox(store, InstantSource.system(), Duration.ofSeconds(5));
        accounts = new Accounts(store, engine, outbox, EventSink.NONE, InstantSource.system());
    }

    @AfterEach
    void close() {
        accounts.close();
        store.close();
    }

    /** A caller is told «queued» after this time. */
    void openWithoutALine(Duration wait) {
        engine.connected = false;
        outbox = new Outbox(store, InstantSource.system(), wait);
        accounts = new Accounts(store, engine, outbox, EventSink.NONE, InstantSource.system());
        accounts.open(DEVICE);
    }

    /** The store, which takes no write while the flag is set; counts those into {@code refused}. */
    Store outOfReach(AtomicBoolean out) {
        store.write(tx ->
                tx.insert("INSERT INTO device (id, created_at) VALUES (?, 1) ON CONFLICT (id) DO NOTHING", DEVICE));
        return store.fenced(tx -> {
            if (out.get()) {
                refused.incrementAndGet();
                throw new DbClientException("out of reach");
            }
        });
    }

    Chats.Page<History.Shown> listed() {
        return new History(store).messages(DEVICE, ANN, ALL).orElseThrow().page();
    }

    Chats chats() {
        return new Chats(store);
    }

    Outbox.Outcome send(Jid chat, String body) {
        return outbox.send(DEVICE, ScriptedEngine.SELF, chat, new Content.Text(body, Content.Options.NONE));
    }

    List<String> bodies() {
        return engine.handed.stream().map(ScriptedEngine.Handed::body).toList();
    }
}
