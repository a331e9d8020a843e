package gateway.messaging;

import java.time.Duration;
import java.time.InstantSource;

import gateway.store.Store;

/** How many messages an account has handed to WhatsApp today, UTC, when there is a limit to it. */
final class DayQuota {
    private static final long DAY = Duration.ofDays(1).toMillis();

    private final OutboxTable table;
    private final String device;
    private final int most;
    private final InstantSource clock;
    private long day = -1;
    private long used;

    /** @param most 0 = no limit */
    DayQuota(Store store, String device, int most, InstantSource clock) {
        this.table = new OutboxTable(store);
        this.device = device;
        this.most = most;
        this.clock = clock;
    }

    /** When the next message may go, epoch milliseconds; 0 = now. */
    synchronized long opens() {
        if (most == 0) {
            return 0;
        }
        look();
        return used < most ? 0 : day + DAY;
    }

    /** Counts a message that goes out. */
    synchronized void count() {
        if (most > 0) {
            look();
            used++;
        }
    }

    /** Begins a new day, with the messages that went out on it before a restart. */
    private void look() {
        var today = Pacing.day(clock.millis());
        if (today != day) {
            used = table.sentSince(device, today);
            day = today;
        }
    }
}
