package gateway.engine.web;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

import gateway.engine.web.book.Book;
import gateway.engine.web.signal.SignalSession;

/**
 * The sessions of one account, as far as they are in memory. Whoever holds the lock may move them on. What was moved on
 * never goes back, even when it could not be written: a counter that nobody saw is no loss, one that is used twice is.
 */
final class KeyRoom {
    private static final int MAX_SESSIONS = 4_096;

    final ReentrantLock lock = new ReentrantLock(true);
    private final Book book;
    private final Map<String, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);

    KeyRoom(Book book) {
        this.book = book;
    }

    /** The session as it stands now. */
    Optional<SignalSession> session(String peer) {
        Entry entry = entries.get(peer);
        if (entry != null) {
            return Optional.of(entry.session);
        }
        Optional<SignalSession> stored = book.peers().session(peer);
        stored.ifPresent(session -> entries.put(peer, new Entry(session)));
        return stored;
    }

    /** As {@link #session}, when it seals as well. */
    Optional<SignalSession> sending(String peer) {
        return session(peer).filter(SignalSession::sends);
    }

    /** Moves a session on; what is returned is told when this very state is on disk. */
    Runnable moved(String peer, SignalSession next) {
        Entry entry = entries.computeIfAbsent(peer, name -> new Entry(next));
        entry.session = next;
        long version = ++entry.version;
        trim();
        return () -> entry.saved.accumulateAndGet(version, Math::max);
    }

    void dropped(String peer) {
        entries.remove(peer);
    }

    /** Forgets every session; takes the lock itself. */
    void clear() {
        lock.lock();
        try {
            entries.clear();
        } finally {
            lock.unlock();
        }
    }

    private void trim() {
        Iterator<Entry> eldest = entries.values().iterator();
        while (entries.size() > MAX_SESSIONS && eldest.hasNext()) {
            Entry entry = eldest.next();
            if (entry.saved.get() >= entry.version) {
                eldest.remove();
            }
        }
    }

    private static final class Entry {
        private final AtomicLong saved = new AtomicLong();
        private SignalSession session;
        private long version;

        private Entry(SignalSession session) {
            this.session = session;
        }
    }
}
