package gateway.messaging;

import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Jid;
import gateway.engine.Session;
import gateway.messaging.ChatQueue.Waiting;
import gateway.process.Seldom;
import gateway.process.Worker;
import gateway.process.WorkerKind;
import gateway.process.Workers;
import gateway.store.FailPoint;
import gateway.store.LeaseLost;
import gateway.store.RowFault;
import gateway.store.StoreUnavailable;

/**
 * Hands messages to the session, one of each chat at a time and several at once, and writes down what became of each.
 */
final class Dispatch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Dispatch.class.getName());
    /** Messages handed to the session at the same time. */
    private static final int AT_ONCE = 64;
    /** The pause before a message is offered again to a connection that is down; not counted as an attempt. */
    private static final long DISCONNECTED_MILLIS = 200;
    /** The pause before a message that failed by itself is tried again. */
    private static final long FAULT_MILLIS = 1_000;
    /** The longest time between two attempts that WhatsApp can ask for. */
    private static final long MAX_ASKED_MILLIS = TimeUnit.DAYS.toMillis(1);
    /** The longest wait of a message for its turn: by then the budget may have been raised. */
    private static final long MAX_TURN_MILLIS = TimeUnit.MINUTES.toMillis(10);
    /** A message read longer ago is looked at once more before it goes: it may have been taken back. */
    private static final long FRESH_MILLIS = 1_000;

    private final Seldom log = new Seldom(Dispatch.class);
    private final String device;
    private final Session session;
    private final OutboxRows rows;
    private final Outbox outbox;
    private final DayQuota quota;
    private final NewChats newChats;
    private final InstantSource clock;
    private final Semaphore permits = new Semaphore(AT_ONCE);
    private final Map<Long, Integer> faults = new ConcurrentHashMap<>();
    private final Worker worker;

    Dispatch(
            String device,
            Session session,
            OutboxRows rows,
            Outbox outbox,
            DayQuota quota,
            NewChats newChats,
            InstantSource clock,
            Workers workers) {
        this.worker = workers.add(WorkerKind.OUTBOX_HAND_OVER);
        this.device = device;
        this.session = session;
        this.rows = rows;
        this.outbox = outbox;
        this.quota = quota;
        this.newChats = newChats;
        this.clock = clock;
    }

    /** Hands the message over. Null when it is finished, one way or the other; else the message with its next time. */
    @Nullable
    Waiting attempt(Waiting message) {
        try {
            permits.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return message;
        }
        worker.begin();
        boolean on = false;
        try {
            var next = judged(message);
            on = true;
            return next;
        } finally {
            permits.release();
            if (on) {
                worker.done();
            } else {
                worker.failed();
            }
        }
    }

    private @Nullable Waiting judged(Waiting message) {
        try {
            return handOver(message);
        } catch (StoreUnavailable | LeaseLost passing) {
            throw passing;
        } catch (RuntimeException | StackOverflowError fault) {
            return faulty(message, fault);
        }
    }

    private @Nullable Waiting handOver(Waiting message) {
        try {
            if (clock.millis() - message.readAt() > FRESH_MILLIS
                    && rows.waiting(List.of(message.seq())).isEmpty()) {
                return null;
            }
            var wait = newChats.admit(message.chat());
            if (wait.isPresent()) {
                return waiting(message, wait.get());
            }
            quota.count();
            FailPoint.reach("before-send");
            var sent = message.fresh()
                    ? session.sendFirst(message.messageId(), message.chat(), message.content())
                    : session.send(message.messageId(), message.chat(), message.content());
            FailPoint.reach("after-send");
            rows.sent(message, sender(message), sent);
            faults.remove(message.seq());
            return null;
        } catch (EngineRefusal refusal) {
            return refused(message, refusal);
        }
    }

    /**
     * Whether the fault passes: a file that is there and cannot be read, or a disk that fails. Every other fault is
     * taken for a fault of the message.
     */
    private static boolean passes(Throwable fault) {
        return fault instanceof UncheckedIOException unread && !(unread.getCause() instanceof NoSuchFileException);
    }

    /** Tries the message again, a few times, and then sets it aside, so that its chat's next one goes on. */
    private @Nullable Waiting faulty(Waiting message, Throwable fault) {
        if (!passes(fault) && faults.merge(message.seq(), 1, Integer::sum) >= OutboxRows.MAX_FAULTS) {
            rows.aside(
                    message,
                    sender(message),
                    "",
                    "it cannot be handed over: " + fault.getClass().getSimpleName()
                            + (fault instanceof RowFault ? ", " + fault.getMessage() : ""));
            faults.remove(message.seq());
            return null;
        }
        log.log(
                Level.WARNING,
                "message " + message.messageId() + " of " + device + " could not be handed over; trying again",
                fault);
        return message.at(clock.millis() + FAULT_MILLIS);
    }

    /** Says that there is nothing to hand over, or no connection to hand it to. */
    void rest() {
        worker.rest();
    }

    /** The message's sender, which a message that an earlier version accepted does not name. */
    private String sender(Waiting message) {
        return message.sender().isEmpty()
                ? session.status().account().map(Jid::toString).orElse("")
                : message.sender();
    }

    /** Lets a message wait for its turn among the new chats; that is no attempt. */
    private Waiting waiting(Waiting message, EngineRefusal refusal) {
        long wait = refusal.retryAfter().map(Duration::toMillis).orElse(MAX_TURN_MILLIS);
        long due = clock.millis() + Math.min(wait, MAX_TURN_MILLIS);
        rows.postponed(message, message.attempts(), refusal, due);
        return message.at(due);
    }

    private @Nullable Waiting refused(Waiting message, EngineRefusal refusal) {
        if (refusal.reason() == Reason.RESTRICTED) {
            newChats.restricted();
        }
        if (refusal.reason() == Reason.NOT_CONNECTED || refusal.reason() == Reason.NOT_LOGGED_IN) {
            return message.at(clock.millis() + DISCONNECTED_MILLIS);
        }
        int attempts = message.attempts() + 1;
        var delay = refusal.passing() ? SendRetries.delay(attempts) : -1;
        if (delay < 0) {
            boolean told = refusedForGood(message, attempts, refusal);
            LOG.log(
                    told ? Level.DEBUG : Level.WARNING,
                    "message {0} of {1} was refused for good: {2}",
                    message.messageId(),
                    device,
                    refusal.reason());
            return null;
        }
        long asked = refusal.retryAfter()
                .map(wait -> Math.min(wait.toSeconds(), MAX_ASKED_MILLIS / 1_000) * 1_000)
                .orElse(0L);
        long due = clock.millis() + Math.max(delay, asked);
        rows.postponed(message, attempts, refusal, due);
        return message.again(attempts, due);
    }

    /** Ends the message. True when a caller was told. */
    private boolean refusedForGood(Waiting message, int attempts, EngineRefusal refusal) {
        var caller = outbox.claim(device, message.messageId());
        if (caller.isPresent()) {
            // When this fails, the next attempt finds nobody to tell; the caller looks by itself when its time is up.
            rows.withdrawn(message, attempts, refusal, caller.get().key().isPresent());
        } else {
            rows.failed(message, sender(message), attempts, refusal);
        }
        outbox.refused(device, message.messageId());
        caller.ifPresent(waits ->
                waits.promise().completeExceptionally(waits.key().isPresent() ? refusal : new Withdrawn(refusal)));
        return caller.isPresent();
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
        worker.close();
    }
}
