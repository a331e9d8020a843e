package gateway.engine.web;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import gateway.engine.web.connection.ConnectionEnded;
import gateway.engine.web.connection.RequestRefused;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.primitive.WireRefusal;
import gateway.store.LeaseLost;
import gateway.store.StoreUnavailable;

/**
 * Work beside the connection, in one thread at a time. Whoever wakes it while it runs makes it run once more, with the
 * newest connection.
 */
final class Aside {
    private static final System.Logger LOG = System.getLogger(Aside.class.getName());

    private final String thread;
    private final String what;
    private final Work work;
    private @Nullable Line waiting;
    private boolean running;

    /** What is done; an error ends this run alone. */
    interface Work {
        void run(DeviceCredentials own, WebConnection connection)
                throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException, IOException,
                        WireRefusal;
    }

    private record Line(DeviceCredentials own, WebConnection connection) {}

    /**
     * Work that nobody has woken yet.
     *
     * @param thread the name of its thread
     * @param what   what is taken, for the log
     */
    Aside(String thread, String what, Work work) {
        this.thread = thread;
        this.what = what;
        this.work = work;
    }

    /** Runs the work, now or after the run that goes on. */
    void wake(DeviceCredentials own, WebConnection connection) {
        synchronized (this) {
            waiting = new Line(own, connection);
            if (running) {
                return;
            }
            running = true;
        }
        Thread.ofVirtual().name(thread).start(() -> {
            for (Line line = next(); line != null; line = next()) {
                run(line);
            }
        });
    }

    private synchronized @Nullable Line next() {
        Line next = waiting;
        waiting = null;
        running = next != null;
        return next;
    }

    private void run(Line line) {
        try {
            work.run(line.own, line.connection);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ConnectionEnded
                | RequestRefused
                | TimeoutException
                | IOException
                | StoreUnavailable
                | LeaseLost passing) {
            LOG.log(Level.INFO, "{0} is fetched with the next connection: {1}", what, passing.toString());
        } catch (WireRefusal | RuntimeException | StackOverflowError fault) {
            LOG.log(Level.WARNING, "{0} cannot be fetched: {1}", what, fault.toString());
        }
    }
}
