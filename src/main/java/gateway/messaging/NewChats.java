package gateway.messaging;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Jid;
import gateway.store.Store;

/**
 * The chats that an account begins by writing first. They are counted over any hour and any 24 hours; chats in which
 * somebody has written, or this account has before, go on whatever the count is.
 */
final class NewChats {
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();
    /** How many known chats are remembered, so that not each message asks the database. */
    private static final int MAX_KNOWN = 4_096;

    private final Store store;
    private final String device;
    private final NewChatBudget budget;
    private final InstantSource clock;
    private final Map<String, Boolean> known = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MAX_KNOWN;
        }
    };
    private volatile long pausedUntil;

    NewChats(Store store, String device, NewChatBudget budget, InstantSource clock) {
        this.store = store;
        this.device = device;
        this.budget = budget;
        this.clock = clock;
        this.pausedUntil =
                store.number("SELECT coalesce(max(until_at), 0) FROM new_chat_pause WHERE device = ?", device);
    }

    /** Whether WhatsApp restricts the account, so that no chat is begun. */
    boolean paused() {
        return clock.millis() < pausedUntil;
    }

    /**
     * Admits a message to a chat, and counts the chat when it is new.
     *
     * @return why the message waits, and how long; empty when it may go
     */
    synchronized Optional<EngineRefusal> admit(Jid chat) {
        var name = chat.toString();
        if (budget.equals(NewChatBudget.NONE) || !chat.isUser() || isKnown(name)) {
            return Optional.empty();
        }
        long now = clock.millis();
        if (paused()) {
            return Optional.of(
                    wait("WhatsApp restricts this account, which begins no new chat until then", pausedUntil, now));
        }
        var hour = full(budget.perHour(), HOUR, now);
        if (hour > 0) {
            return Optional.of(wait("this account has begun " + budget.perHour() + " chats in an hour", hour, now));
        }
        var day = full(budget.perDay(), DAY, now);
        if (day > 0) {
            return Optional.of(wait("this account has begun " + budget.perDay() + " chats in a day", day, now));
        }
        store.write(tx -> {
            tx.delete("DELETE FROM new_chat WHERE device = ? AND begun_at < ?", device, now - DAY);
            return tx.insert(
                    "INSERT INTO new_chat (device, chat, begun_at) VALUES (?, ?, ?) ON CONFLICT (device, chat) DO NOTHING",
                    device,
                    name,
                    now);
        });
        known.put(name, true);
        return Optional.empty();
    }

    private boolean isKnown(String chat) {
        if (known.containsKey(chat)) {
            return true;
        }
        boolean isKnown = store.number("""
                        SELECT (SELECT count(*) FROM (SELECT 1 FROM message WHERE device = ? AND chat = ? LIMIT 1) m)
                        + (SELECT count(*) FROM new_chat WHERE device = ? AND chat = ?)""", device, chat, device, chat) > 0;
        if (isKnown) {
            known.put(chat, true);
        }
        return isKnown;
    }

    /** When the next chat may begin; 0 when the budget has room for it now. */
    private long full(int most, long span, long now) {
        if (most == 0
                || store.number("SELECT count(*) FROM new_chat WHERE device = ? AND begun_at > ?", device, now - span)
                        < most) {
            return 0;
        }
        long first = store.number(
                "SELECT min(begun_at) FROM new_chat WHERE device = ? AND begun_at > ?", device, now - span);
        return first + span;
    }

    private static EngineRefusal wait(String why, long until, long now) {
        return new EngineRefusal(Reason.TRY_LATER, why, Optional.of(Duration.ofMillis(Math.max(1, until - now))));
    }

    /** WhatsApp has restricted or banned the account: it begins no chat for a while. */
    synchronized void restricted() {
        if (budget.pause().isZero()) {
            return;
        }
        long until = clock.millis() + budget.pause().toMillis();
        pausedUntil = until;
        store.write(tx -> tx.insert("""
                INSERT INTO new_chat_pause (device, until_at) VALUES (?, ?)
                ON CONFLICT (device) DO UPDATE SET until_at = excluded.until_at""", device, until));
    }
}
