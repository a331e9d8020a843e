package gateway.messaging;

import java.util.ArrayDeque;

import gateway.engine.Content;
import gateway.engine.Jid;

/** One chat's messages in their order. Guarded by the {@link Sender} it belongs to. */
final class Lane {
    /** Messages of one chat in memory; the others of the chat wait in the database. */
    private static final int MOST = 16;

    /** A message waiting to be sent. */
    record Waiting(long seq, String messageId, Jid chat, Content content, int attempts, long dueAt) {
        /** The same message, not before this time. */
        Waiting at(long due) {
            return new Waiting(seq, messageId, chat, content, attempts, due);
        }
    }

    private final ArrayDeque<Waiting> messages = new ArrayDeque<>();
    private long lastSeen;
    private boolean more;
    private boolean running;

    /** Puts the message at the end, or leaves it in the database when the lane is full. False when it was left. */
    boolean offer(Waiting message) {
        if (message.seq() <= lastSeen) {
            return false;
        }
        if (more || messages.size() >= MOST) {
            more = true;
            return false;
        }
        lastSeen = message.seq();
        messages.add(message);
        return true;
    }

    Waiting head() {
        return messages.peek();
    }

    void removeHead() {
        messages.remove();
    }

    /** Puts the head back with a later time. */
    void replaceHead(Waiting message) {
        messages.remove();
        messages.addFirst(message);
    }

    int size() {
        return messages.size();
    }

    /** The newest message the lane has had; what is after it is still in the database when {@link #more}. */
    long lastSeen() {
        return lastSeen;
    }

    boolean more() {
        return more;
    }

    void refill() {
        more = false;
    }

    boolean running() {
        return running;
    }

    void running(boolean now) {
        running = now;
    }
}
