package gateway.console;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import gateway.engine.Event;
import gateway.messaging.Progress;

/**
 * Tells every open {@code /ws} what happens, after it is stored. Best effort: it never waits for a client. One that
 * does not keep up is cut off, reconnects, and asks the API what it missed.
 */
public final class LiveFeed implements Progress, AutoCloseable {
    /** Sockets open at once, over all users; each costs a connection and a bounded queue. */
    static final int MAX_SOCKETS = 256;
    /** Sockets of one principal, so that no credential takes them all. */
    static final int MAX_PER_PRINCIPAL = 24;
    /** Sockets of one client address, or IPv6 /64, whoever opens them. */
    static final int MAX_PER_SITE = 48;

    private final Set<LiveSocket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Tells of an event of this account that is on disk. */
    public void stored(String device, Event event) {
        if (!sockets.isEmpty()) {
            FeedFrames.of(device, event).forEach(frame -> broadcast(device, frame));
        }
    }

    @Override
    public void moved(String device, String messageId, Stage stage) {
        if (!sockets.isEmpty()) {
            broadcast(device, FeedFrames.of(device, messageId, stage));
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

    /** Adds a socket. Otherwise says why not: too many are open already, or the gateway is stopping. */
    synchronized Optional<String> join(LiveSocket socket) {
        if (closed) {
            return Optional.of("the gateway is stopping");
        }
        var who = socket.watcher();
        if (count(other -> other.isSamePrincipal(who)) >= MAX_PER_PRINCIPAL) {
            return Optional.of("too many sockets of this credential are open");
        }
        if (count(other -> other.isSameSite(who)) >= MAX_PER_SITE) {
            return Optional.of("too many sockets of this address are open");
        }
        if (sockets.size() >= MAX_SOCKETS) {
            return Optional.of("too many sockets are open");
        }
        sockets.add(socket);
        return Optional.empty();
    }

    private long count(Predicate<Watcher> which) {
        return sockets.stream().map(LiveSocket::watcher).filter(which).count();
    }

    void leave(LiveSocket socket) {
        sockets.remove(socket);
    }

    /** Says goodbye to every socket; no socket is added from now on. */
    @Override
    public synchronized void close() {
        closed = true;
        sockets.forEach(LiveSocket::goAway);
    }
}
