package gateway.console;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import gateway.engine.Event;
import gateway.messaging.Progress;

/**
 * Tells every open {@code /ws} what happens, after it is stored. Best effort: it never waits for a client. One that does
 * not keep up is cut off, reconnects, and asks the API what it missed.
 */
public final class LiveFeed implements Progress, AutoCloseable {
    /** Pages open at once, over all users; each costs a connection and a bounded queue. */
    static final int MOST_SOCKETS = 64;

    private final Set<LiveSocket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** An event of this account is on disk. */
    public void stored(String device, Event event) {
        if (!sockets.isEmpty()) {
            Frames.of(device, event).forEach(frame -> broadcast(device, frame));
        }
    }

    @Override
    public void moved(String device, String messageId, Stage stage) {
        if (!sockets.isEmpty()) {
            broadcast(device, Frames.of(device, messageId, stage));
        }
    }

    /** Sockets that are told at this moment. */
    public int watching() {
        return sockets.size();
    }

    private void broadcast(String device, String frame) {
        for (var socket : sockets) {
            if (socket.mayWatch(device)) {
                socket.tell(frame);
            }
        }
    }

    /** False when there are too many already, or the gateway is stopping. */
    synchronized boolean join(LiveSocket socket) {
        return !closed && sockets.size() < MOST_SOCKETS && sockets.add(socket);
    }

    void leave(LiveSocket socket) {
        sockets.remove(socket);
    }

    /** Says goodbye to everybody; nobody joins any more. */
    @Override
    public synchronized void close() {
        closed = true;
        sockets.forEach(LiveSocket::goAway);
    }
}
