package gateway.store;

import java.util.Optional;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The nodes that share one database: the order of their transactions, and the words that they send to one another. A
 * SQLite database has one node only, which needs neither.
 */
final class Nodes implements AutoCloseable {
    /** The advisory lock of {@link #inTurn}: the letters «whatsapp». */
    private static final long TURN = 0x7768617473617070L;

    private final Optional<Signals> signals;
    /** The transaction that has its turn; touched by the writing thread alone. */
    private @Nullable Tx inTurn;

    private Nodes(Optional<Signals> signals) {
        this.signals = signals;
    }

    /** The only node of a SQLite database. */
    static Nodes one() {
        return new Nodes(Optional.empty());
    }

    /** The nodes that share a PostgreSQL database. */
    static Nodes on(PostgresServer server) {
        return new Nodes(Optional.of(new Signals(server.source())));
    }

    /** As {@link Store#inTurn}. */
    void inTurn(Tx tx) {
        if (signals.isPresent() && inTurn != tx) {
            tx.any("SELECT 1 FROM pg_advisory_xact_lock(?)", TURN);
            inTurn = tx;
        }
    }

    /** As {@link Store#signal}. */
    void signal(Tx tx, String word) {
        if (signals.isPresent()) {
            tx.any("SELECT 1 FROM pg_notify(?, ?)", Signals.CHANNEL, word);
        }
    }

    /** As {@link Store#listen}. */
    void listen(Consumer<String> listener) {
        signals.ifPresent(present -> present.listen(listener));
    }

    @Override
    public void close() {
        signals.ifPresent(Signals::close);
    }
}
