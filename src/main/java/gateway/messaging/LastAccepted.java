package gateway.messaging;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import gateway.store.Read;
import gateway.store.SqlDialect;

/**
 * The number of the message that was accepted last for each chat, in memory. It answers without a search whether a chat
 * can have a waiting message: most chats that are read have none, and no index finds a chat's waiting messages.
 *
 * <p>In a SQLite file one process accepts messages, one transaction after another, and a number is never given twice.
 * So each read learns the numbers above those that are known. On PostgreSQL a lower number can become visible after a
 * higher one; there each chat can have a waiting message.
 */
final class LastAccepted {
    private static final String NEWEST = "SELECT max(seq) FROM outbox";
    private static final String ACCEPTED = "SELECT seq, device, chat FROM outbox WHERE seq > ?";
    /** Chats that are kept; those of older messages are forgotten when there are more. */
    private static final int MAX_CHATS = 3 * OutboxShown.MAX_SHOWN;

    /** A chat of an account. */
    private record Place(String device, String chat) {}

    private final boolean known;
    private final Map<Place, Long> last = new ConcurrentHashMap<>();
    /** Every message from the first of these numbers to the second is learned. Both change under the lock of this object. */
    private volatile long first = Long.MAX_VALUE;

    private volatile long learned;

    LastAccepted(SqlDialect dialect) {
        this.known = dialect == SqlDialect.SQLITE;
    }

    /** False only when no message of the chat waits among the {@link OutboxShown#MAX_SHOWN} that were accepted last. */
    boolean mayWait(Read read, String device, String chat) {
        if (!known) {
            return true;
        }
        long newest = read.number(NEWEST);
        learn(read, newest);
        var number = last.get(new Place(device, chat));
        return number != null && number > newest - OutboxShown.MAX_SHOWN;
    }

    private void learn(Read read, long newest) {
        if (isLearned(newest)) {
            return;
        }
        synchronized (this) {
            if (isLearned(newest)) {
                return;
            }
            // Twice the distance: the newest messages can be removed with their account, and then earlier ones are
            // shown.
            long from = Math.max(0, newest - 2L * OutboxShown.MAX_SHOWN);
            boolean goesOn = first <= from && from <= learned;
            read.each(
                    row -> last.merge(new Place(row.text(2), row.text(3)), row.number(1), Math::max),
                    ACCEPTED,
                    goesOn ? learned : from);
            first = goesOn ? first : from;
            learned = newest;
            if (last.size() > MAX_CHATS) {
                // Another read may still look at an earlier state of the table.
                last.values().removeIf(number -> number <= from);
                first = from;
            }
        }
    }

    private boolean isLearned(long newest) {
        return newest <= learned && first <= Math.max(0, newest - OutboxShown.MAX_SHOWN);
    }
}
