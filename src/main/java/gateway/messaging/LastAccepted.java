package gateway.messaging;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import gateway.store.Read;
import gateway.store.SqlDialect;

/**
 * The numbers of the messages that were accepted last for each chat, in memory. They answer without a search which rows
 * of the outbox can be a chat's waiting messages: most chats that are read have none, and no index finds those of a
 * chat.
 *
 * <p>In a SQLite file one process accepts messages, one transaction after another, and a number is never given twice.
 * So each read learns the numbers above those that are known. On PostgreSQL a lower number can become visible after a
 * higher one; there each chat can have a waiting message anywhere.
 */
final class LastAccepted {
    private static final String NEWEST = "SELECT max(seq) FROM outbox";
    private static final String ACCEPTED = "SELECT seq, device, chat FROM outbox WHERE seq > ? ORDER BY seq";
    /** Numbers that are kept; those of older messages are forgotten when there are more. */
    private static final int MAX_KEPT = 3 * OutboxShown.MAX_SHOWN;

    /** A chat of an account. */
    private record Place(String device, String chat) {}

    /** Where the waiting messages of a chat are, among the {@link OutboxShown#MAX_SHOWN} that were accepted last. */
    sealed interface Where {
        /** None waits. */
        record Nowhere() implements Where {}

        /** Among the rows with these numbers, a JSON array. */
        record Among(String numbers) implements Where {}

        /** Anywhere. */
        record Anywhere() implements Where {}
    }

    /**
     * Every message above the number {@code first} and up to the number {@code newest}.
     *
     * @param first {@link Long#MAX_VALUE} when nothing is learned
     */
    record Learned(long first, long newest, Map<Place, AcceptedNumbers> chats) {
        boolean isEnough(long newestNow) {
            return newestNow <= newest && first <= Math.max(0, newestNow - OutboxShown.MAX_SHOWN);
        }

        /** The same without the messages up to this number. What another read still looks at is not changed. */
        Learned above(long number) {
            var newer = new ConcurrentHashMap<Place, AcceptedNumbers>();
            chats.forEach((place, numbers) -> numbers.copyAbove(number).ifPresent(copy -> newer.put(place, copy)));
            return new Learned(number, newest, newer);
        }

        int count() {
            return chats.values().stream().mapToInt(AcceptedNumbers::count).sum();
        }
    }

    private final boolean known;
    volatile Learned learned = new Learned(Long.MAX_VALUE, 0, Map.of());
    /** Numbers that were left when the older ones were forgotten, and those since; under the lock of this object. */
    private int kept;

    LastAccepted(SqlDialect dialect) {
        this.known = dialect == SqlDialect.SQLITE;
    }

    /** Where the waiting messages of the chat are, in the state of the database that the read sees. */
    Where where(Read read, String device, String chat) {
        if (!known) {
            return new Where.Anywhere();
        }
        long newest = read.number(NEWEST);
        var numbers = upTo(read, newest).chats().get(new Place(device, chat));
        return numbers == null ? new Where.Nowhere() : numbers.above(newest - OutboxShown.MAX_SHOWN);
    }

    private Learned upTo(Read read, long newest) {
        var now = learned;
        return now.isEnough(newest) ? now : learn(read, newest);
    }

    private synchronized Learned learn(Read read, long newest) {
        var now = learned;
        if (now.isEnough(newest)) {
            return now;
        }
        // Twice the distance: the newest messages can be removed with their account, and then earlier ones are shown.
        long from = Math.max(0, newest - 2L * OutboxShown.MAX_SHOWN);
        boolean goesOn = now.first() <= from && from <= now.newest();
        var chats = goesOn ? now.chats() : new ConcurrentHashMap<Place, AcceptedNumbers>();
        kept = goesOn ? kept : 0;
        read.each(
                row -> {
                    chats.computeIfAbsent(new Place(row.text(2), row.text(3)), place -> new AcceptedNumbers())
                            .add(row.number(1));
                    kept++;
                },
                ACCEPTED,
                goesOn ? now.newest() : from);
        var next = new Learned(goesOn ? now.first() : from, newest, chats);
        if (kept > MAX_KEPT) {
            next = next.above(from);
            kept = next.count();
        }
        learned = next;
        return next;
    }
}
