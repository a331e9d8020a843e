package gateway.messaging;

import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import gateway.engine.Jid;
import gateway.engine.Session;
import gateway.messaging.ChatQueue.Waiting;
import gateway.messaging.SendWindow.Next;
import gateway.process.Seldom;
import gateway.process.Worker;
import gateway.process.WorkerKind;
import gateway.process.Workers;
import gateway.store.Store;

/** Hands one account's accepted messages to its session: each chat in its order, many chats at once. */
final class Sender implements AutoCloseable, SendWindow.Gate, Outbox.Taker {
    private static final int BATCH = 256;
    /** Finds what another process put into the outbox. */
    private static final long SWEEP_MILLIS = 1_000;
    /**
     * Between two looks while there is much to do: reading many messages at once costs little more than reading one.
     */
    private static final long GATHER_NANOS = 1_000_000;

    private final String device;
    private final Session session;
    private final OutboxRows rows;
    private final InstantSource clock;
    private final Pacing pacing;
    private final BooleanSupplier ours;
    private final SendWindow window;
    private final DayQuota quota;
    private final NewChats newChats;
    private final Dispatch dispatch;
    private final Worker worker;
    private final Seldom log = new Seldom(Sender.class);
    private final Thread scanner;
    private volatile boolean closed;

    /**
     * @param store fails every write once another node serves the account
     * @param ours whether this node still serves it, as far as it can know without asking
     */
    Sender(
            String device,
            Session session,
            Store store,
            Outbox outbox,
            InstantSource clock,
            Pacing pacing,
            BooleanSupplier ours,
            Workers workers) {
        this.device = device;
        this.session = session;
        this.rows = new OutboxRows(device, store, outbox, clock, workers);
        this.clock = clock;
        this.pacing = pacing;
        this.ours = ours;
        this.window = new SendWindow(
                clock,
                SWEEP_MILLIS,
                (chat, queue) -> Thread.ofVirtual().name("queue-" + device).start(() -> run(chat, queue)));
        this.quota = new DayQuota(store, device, pacing.perDay(), clock);
        this.newChats = new NewChats(store, device, pacing.newChats(), clock);
        this.dispatch = new Dispatch(device, session, rows, outbox, quota, newChats, clock, workers);
        this.worker = workers.add(WorkerKind.OUTBOX_SENDER);
        this.scanner = Thread.ofVirtual().name("sender-" + device).unstarted(worker.supervised(this::scan));
    }

    void start() {
        scanner.start();
    }

    /** WhatsApp has restricted or banned the account. */
    void restricted() {
        newChats.restricted();
    }

    /** Whether the account begins no chat, because WhatsApp restricts it. */
    boolean isRestricted() {
        return newChats.paused();
    }

    /** Notes that there is a new message. While the session is not connected, the message is left for {@link #wake}. */
    @Override
    public void offered() {
        window.wake(ready(), false);
    }

    @Override
    public void hand(Waiting message) {
        window.hand(message, this);
    }

    /** Notes that the session was connected, or is no longer connected. */
    void wake() {
        window.wake(true, true);
    }

    private void scan() {
        long looked = clock.millis();
        while (!closed) {
            worker.begin();
            try {
                int found = fill();
                long now = clock.millis();
                if (found == 0 || now - looked >= SWEEP_MILLIS) {
                    lookAgain();
                    looked = now;
                }
                worker.done();
                if (found > 0) {
                    LockSupport.parkNanos(GATHER_NANOS);
                }
                if (found < BATCH) {
                    // All that was there is in the window: what came since then is news.
                    window.pause();
                }
            } catch (RuntimeException e) {
                worker.failed();
                log.log(Level.WARNING, "the outbox of " + device + " cannot be read, trying again every second", e);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(SWEEP_MILLIS));
            }
        }
    }

    /** Whether messages can go out now. */
    @Override
    public boolean ready() {
        return ours.getAsBoolean() && session.status().connected();
    }

    @Override
    public long opens() {
        return quota.opens();
    }

    @Override
    public void rest() {
        dispatch.rest();
    }

    @Override
    public boolean closed() {
        return closed;
    }

    /**
     * Takes the next messages from the database into the window, and returns how many there were. None when there is no
     * room or no connection: the news count as taken in that case too, or the scanner would never rest while an account
     * is not paired.
     */
    private int fill() {
        var after = window.room(this);
        if (after.isEmpty()) {
            return 0;
        }
        var read = rows.after(after.getAsLong(), BATCH);
        window.add(read.messages(), read.last(), read.count() < BATCH);
        return read.count();
    }

    /** Drops what waits for its next attempt and was meanwhile cancelled, or put at the end, by a person. */
    private void lookAgain() {
        var delayed = window.delayed(clock.millis() + SWEEP_MILLIS);
        var seqs = List.copyOf(delayed.keySet());
        for (int from = 0; from < seqs.size(); from += BATCH) {
            var part = seqs.subList(from, Math.min(from + BATCH, seqs.size()));
            window.drop(delayed, part, rows.waiting(part));
        }
    }

    /** Sends a chat's messages one after another until there are none. */
    private void run(Jid chat, ChatQueue queue) {
        while (!closed) {
            try {
                switch (window.next(chat, queue, this)) {
                    case Next.Send send -> attempt(queue, send.message());
                    case Next.Refill refill -> refill(chat, queue, refill);
                    case Next.End end -> {
                        return;
                    }
                }
            } catch (Throwable e) {
                // The queue is nobody's without this thread, so nothing ends it.
                log.log(Level.WARNING, "a message of " + device + " waits; trying again every second", e);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(SWEEP_MILLIS));
            }
        }
    }

    private void attempt(ChatQueue queue, Waiting message) {
        var later = dispatch.attempt(message);
        if (later == null) {
            window.done(queue, message, clock.millis() + pacing.next());
        } else {
            window.later(queue, message, later);
        }
    }

    private void refill(Jid chat, ChatQueue queue, Next.Refill part) {
        List<Waiting> read = List.of();
        boolean all = false;
        try {
            var found = rows.ofChat(chat, part.after(), part.last(), ChatQueue.MAX + 1);
            read = found.messages();
            all = found.count() <= ChatQueue.MAX;
        } finally {
            window.refilled(queue, read, all);
        }
    }

    /** Takes no more messages; what is under way ends by itself. */
    @Override
    public void close() {
        closed = true;
        rows.close();
        wake();
        dispatch.close();
        worker.close();
    }
}
