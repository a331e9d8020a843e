package gateway.store;

import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Short words from node to node, by PostgreSQL's LISTEN and NOTIFY. They make things happen sooner and nothing depends
 * on them: a word that is lost is made up for by whoever looks again by the clock.
 */
final class Signals implements AutoCloseable {
    static final String CHANNEL = "whatsapp";
    private static final System.Logger LOG = System.getLogger(Signals.class.getName());
    /** How long one look lasts; the driver needs it to end now and then to notice that we close. */
    private static final int LOOK_MILLIS = 1_000;

    private final PGSimpleDataSource source;
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean closed;

    Signals(PGSimpleDataSource source) {
        this.source = source;
        this.thread = Thread.ofPlatform().name("store-signals").daemon(true).unstarted(this::loop);
    }

    synchronized void listen(Consumer<String> listener) {
        listeners.add(listener);
        if (thread.getState() == Thread.State.NEW) {
            thread.start();
        }
    }

    private void loop() {
        while (!closed) {
            try (var connection = source.getConnection()) {
                listen(connection);
            } catch (SQLException e) {
                LOG.log(Level.DEBUG, "not listening for other nodes, next try in a second: {0}", e.getSQLState());
                pause();
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "not listening for other nodes, next try in a second", e);
                pause();
            }
        }
    }

    private void listen(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("LISTEN " + CHANNEL);
        }
        var server = connection.unwrap(PGConnection.class);
        while (!closed) {
            for (var notification : server.getNotifications(LOOK_MILLIS)) {
                listeners.forEach(listener -> tell(listener, notification.getParameter()));
            }
        }
    }

    private static void tell(Consumer<String> listener, String word) {
        try {
            listener.accept(word);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "a word from another node could not be acted on: {0}", e.toString());
        }
    }

    private void pause() {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
