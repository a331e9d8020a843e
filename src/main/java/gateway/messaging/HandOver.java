package gateway.messaging;

import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Jid;
import gateway.engine.Session;
import gateway.messaging.Lane.Waiting;
import gateway.store.FailPoint;

/** Gives one message at a time of each chat, and so many at once, to the session, and writes down what came of it. */
final class HandOver implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HandOver.class.getName());
    /** Messages handed to the session at the same time. */
    private static final int AT_ONCE = 64;
    /** Before a message is offered again to a line that turned out to be down; not counted as an attempt. */
    private static final long LINE_DOWN_MILLIS = 200;
    /** A message read longer ago is looked at once more before it goes: it may have been taken back. */
    private static final long FRESH_MILLIS = 1_000;

    private final String device;
    private final Session session;
    private final OutboxRows rows;
    private final Outbox outbox;
    private final DayQuota quota;
    private final InstantSource clock;
    private final Semaphore permits = new Semaphore(AT_ONCE);

    HandOver(String device, Session session, OutboxRows rows, Outbox outbox, DayQuota quota, InstantSource clock) {
        this.device = device;
        this.session = session;
        this.rows = rows;
        this.outbox = outbox;
        this.quota = quota;
        this.clock = clock;
    }

    /** Hands the message over. Null when it is finished, one way or the other; else the message with its next time. */
    Waiting attempt(Waiting message) {
        try {
            permits.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return message;
        }
        try {
            if (clock.millis() - message.readAt() > FRESH_MILLIS && rows.waiting(List.of(message.seq())).isEmpty()) {
                return null;
            }
            quota.count();
            FailPoint.reach("before-send");
            var sent = session.send(message.messageId(), message.chat(), message.content());
            FailPoint.reach("after-send");
            rows.sent(message, sender(message), sent);
            return null;
        } catch (EngineRefusal refusal) {
            return refused(message, refusal);
        } finally {
            permits.release();
        }
    }

    /** Who it is from; what an earlier version accepted does not say. */
    private String sender(Waiting message) {
        return message.sender().isEmpty() ? session.status().account().map(Jid::toString).orElse("") : message.sender();
    }

    private Waiting refused(Waiting message, EngineRefusal refusal) {
        if (refusal.reason() == Reason.NOT_CONNECTED || refusal.reason() == Reason.NOT_LOGGED_IN) {
            return message.at(clock.millis() + LINE_DOWN_MILLIS);
        }
        int attempts = message.attempts() + 1;
        var delay = refusal.passing() ? RetryCalendar.delay(attempts) : -1;
        if (delay < 0) {
            rows.failed(message, sender(message), attempts, refusal);
            outbox.refused(device, message.messageId(), refusal);
            LOG.log(Level.WARNING, "message {0} of {1} was refused for good: {2}", message.messageId(), device, refusal.reason());
            return null;
        }
        long due = clock.millis() + delay;
        rows.postponed(message, attempts, refusal, due);
        return message.again(attempts, due);
    }

    /** Returns when what is under way has ended, or after ten seconds. */
    @Override
    public void close() {
        try {
            if (permits.tryAcquire(AT_ONCE, 10, TimeUnit.SECONDS)) {
                permits.release(AT_ONCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
