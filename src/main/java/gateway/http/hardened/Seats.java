package gateway.http.hardened;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

import gateway.auth.Network;

/**
 * A listener's open connections, shared out by client address (IPv6: by /64). An address may hold as many as are
 * left free for others: all alone up to half of them, less the fuller the listener is. Whoever asks for one more
 * loses its own oldest connection that has no request under way, and is refused when there is none; so no address
 * keeps another from connecting, and accepting never has to wait. A trusted proxy speaks for many clients: its
 * connections count, and are never taken away.
 */
final class Seats {
    /** So many an address may have in any case. */
    private static final int MIN_SHARE = 8;

    private final int capacity;
    private final Predicate<InetAddress> proxies;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Network, Set<GuardedConnection>> held = new HashMap<>();
    private int taken;

    /**
     * @param capacity how many connections there may be
     * @param proxies  tells the peers that speak for many clients
     */
    Seats(int capacity, Predicate<InetAddress> proxies) {
        this.capacity = capacity;
        this.proxies = proxies;
    }

    /** False when the connection has to be closed at once. */
    boolean take(GuardedConnection connection) {
        InetAddress peer = connection.peer();
        lock.lock();
        try {
            if (proxies.test(peer)) {
                taken++;
                return true;
            }
            Network site = Network.site(peer);
            Set<GuardedConnection> own = held.getOrDefault(site, Set.of());
            boolean room = own.size() < Math.max(MIN_SHARE, capacity - taken) || evictOldest(site, own);
            if (!room || taken >= capacity && !evictFromLargest()) {
                return false;
            }
            held.computeIfAbsent(site, key -> new LinkedHashSet<>()).add(connection);
            taken++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void leave(GuardedConnection connection) {
        InetAddress peer = connection.peer();
        lock.lock();
        try {
            if (proxies.test(peer)) {
                taken--;
            } else {
                remove(Network.site(peer), connection);
            }
        } finally {
            lock.unlock();
        }
    }

    private void remove(Network site, GuardedConnection connection) {
        Set<GuardedConnection> own = held.get(site);
        if (own != null && own.remove(connection)) {
            taken--;
            if (own.isEmpty()) {
                held.remove(site);
            }
        }
    }

    private boolean evictFromLargest() {
        return held.entrySet().stream()
                .max((a, b) -> Integer.compare(a.getValue().size(), b.getValue().size()))
                .filter(largest -> evictOldest(largest.getKey(), largest.getValue()))
                .isPresent();
    }

    /** Closes the oldest connection of a new client whose head is unfinished; else the oldest that was served before. */
    private boolean evictOldest(Network site, Set<GuardedConnection> own) {
        for (boolean kept : new boolean[] {false, true}) {
            for (GuardedConnection connection : own) {
                if (connection.giveWay(kept)) {
                    remove(site, connection);
                    return true;
                }
            }
        }
        return false;
    }
}
