package gateway.messaging;

import java.util.ArrayDeque;
import java.util.List;

import org.jspecify.annotations.Nullable;

import gateway.engine.Content;
import gateway.engine.Jid;

/** One chat's messages in their order. Guarded by the lock of the {@link SendWindow} that holds the queue. */
final class ChatQueue {
    /** Messages of one chat in memory; the others of the chat wait in the database. */
    static final int MAX = 16;

    /**
     * A message waiting to be sent.
     *
     * @param readAt when it was read, or accepted, in epoch milliseconds
     * @param fresh  whether it was never handed to the session before, in any process
     */
    record Waiting(
            long seq,
            String messageId,
            Jid chat,
            String sender,
            Content content,
            int attempts,
            long dueAt,
            String node,
            long readAt,
            boolean fresh) {
        /** The same message, not before this time. */
        Waiting at(long due) {
            return again(attempts, due);
        }

        /** The same message after so many attempts, not before this time. */
        Waiting again(int tried, long due) {
            return new Waiting(seq, messageId, chat, sender, content, tried, due, node, readAt, false);
        }
    }

    private final ArrayDeque<Waiting> messages = new ArrayDeque<>();
    private long lastSeen;
    private boolean more;
    private boolean refilling;
    private long restsUntil;

    /**
     * Puts the message at the end. False when it is left in the database because the queue is full. An earlier message
     * that another process accepted comes late; no refill reads it, so it is taken whatever the room is.
     */
    boolean offer(Waiting message) {
        boolean late = message.seq() < lastSeen;
        if (!late && (refilling || more || messages.size() >= MAX)) {
            more = true;
            return false;
        }
        append(message);
        return true;
    }

    private void append(Waiting message) {
        lastSeen = Math.max(lastSeen, message.seq());
        messages.add(message);
    }

    @Nullable
    Waiting head() {
        return messages.peek();
    }

    /** Removes the message. False when the queue no longer has it. */
    boolean remove(Waiting message) {
        return messages.removeIf(waiting -> waiting.seq() == message.seq());
    }

    /** Puts the head back with a later time. */
    void replace(Waiting head, Waiting later) {
        if (remove(head)) {
            messages.addFirst(later);
        }
    }

    /** Whether some of the chat's messages are in the database only. */
    boolean more() {
        return more;
    }

    /** Messages after this one are to be read from the database; what is offered until then stays there too. */
    long beginRefill() {
        refilling = true;
        more = false;
        return lastSeen;
    }

    /** Takes the oldest of what was read and returns how many; {@code all} says that there were no more to read. */
    int endRefill(List<Waiting> read, boolean all) {
        refilling = false;
        int room = Math.clamp(MAX - messages.size(), 0, read.size());
        read.subList(0, room).forEach(this::append);
        more |= room < read.size() || !all;
        return room;
    }

    /** No message of the chat goes out before this time, whatever its own says. */
    long restsUntil() {
        return restsUntil;
    }

    void restsUntil(long at) {
        restsUntil = at;
    }
}
