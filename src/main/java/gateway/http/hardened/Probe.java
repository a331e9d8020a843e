package gateway.http.hardened;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

import gateway.process.Worker;
import gateway.process.WorkerKind;
import gateway.process.Workers;

/**
 * Knocks at a listener once a second. Helidon's acceptor ends for good at the first failed accept(); a refused
 * connection to ourselves is how it shows.
 */
final class Probe implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final int TIMEOUT_MILLIS = 500;

    private final InetSocketAddress target;
    private final Runnable refused;
    private final Worker worker;
    private final Thread thread;

    /** @param refused called on the probe's thread each time that nobody listens */
    Probe(String listener, InetAddress address, int port, Runnable refused, Workers workers) {
        this.target =
                new InetSocketAddress(address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address, port);
        this.refused = refused;
        this.worker = workers.add(WorkerKind.LISTENER_PROBE);
        this.thread = Thread.ofVirtual().name(listener + "-probe").start(worker.supervised(this::run));
    }

    private void run() throws InterruptedException {
        while (true) {
            Thread.sleep(PERIOD);
            worker.begin();
            if (isRefused()) {
                refused.run();
            }
            worker.done();
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
        worker.close();
    }
}
