package gateway.http;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/**
 * Knocks at a listener once a second. Helidon's acceptor ends for good at the first failed accept(); a refused connection to
 * ourselves is how it shows.
 */
final class Probe implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Probe.class.getName());
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final int TIMEOUT_MILLIS = 500;

    private final String listener;
    private final InetSocketAddress target;
    private final Runnable refused;
    private final Thread thread;

    /** @param refused called on the probe's thread each time that nobody listens */
    Probe(String listener, InetAddress address, int port, Runnable refused) {
        this.listener = listener;
        this.target = new InetSocketAddress(address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address, port);
        this.refused = refused;
        this.thread = Thread.ofVirtual().name(listener + "-probe").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(PERIOD);
                if (isRefused()) {
                    refused.run();
                }
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "Listener {0} is no longer probed.", listener);
        }
    }

    private boolean isRefused() {
        try (var socket = new Socket()) {
            socket.connect(target, TIMEOUT_MILLIS);
            return false;
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            // No descriptor for the probe, or a full queue: the listener may well be there.
            return false;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
