package gateway.messaging;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Holds an account back, so that it does not look like a machine.
 *
 * @param chatDelay least time between two messages to the same chat
 * @param chatJitter up to this much more, by chance
 * @param perDay messages an account sends in one day, UTC; 0 = no limit
 * @param newChats how many chats the account may begin
 */
public record Pacing(Duration chatDelay, Duration chatJitter, int perDay, NewChatBudget newChats) {
    public static final Pacing NONE = new Pacing(Duration.ZERO, Duration.ZERO, 0);

    public Pacing(Duration chatDelay, Duration chatJitter, int perDay) {
        this(chatDelay, chatJitter, perDay, NewChatBudget.NONE);
    }

    /** The same without a budget for new chats, for an engine that has no real strangers. */
    Pacing withoutNewChatBudget() {
        return new Pacing(chatDelay, chatJitter, perDay);
    }

    /** Milliseconds until the next message to the same chat. */
    long next() {
        return chatDelay.toMillis()
                + (chatJitter.isZero() ? 0 : ThreadLocalRandom.current().nextLong(chatJitter.toMillis() + 1));
    }

    /** The day that a moment belongs to, as the epoch milliseconds of its beginning. */
    static long day(long at) {
        return Instant.ofEpochMilli(at)
                .atOffset(ZoneOffset.UTC)
                .toLocalDate()
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant()
                .toEpochMilli();
    }
}
