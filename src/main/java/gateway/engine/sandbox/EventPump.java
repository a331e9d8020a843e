package gateway.engine.sandbox;

import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import gateway.engine.ContentJson;
import gateway.engine.Event;
import gateway.engine.Events;
import gateway.engine.Jid;
import gateway.engine.sandbox.SandboxNetwork.Pending;
import gateway.process.Seldom;
import gateway.process.Worker;
import gateway.process.WorkerKind;
import gateway.process.Workers;
import gateway.store.LeaseLost;
import gateway.store.RowFault;
import gateway.store.StoreUnavailable;

/**
 * Tells the gateway what the pretended network has for it. An event is struck off only after the gateway has stored it,
 * so one that was under way in a crash is told again.
 */
final class EventPump implements AutoCloseable {
    /** Events that are told in one transaction; other writers wait for its end. */
    private static final int BATCH = 64;
    /** The pause between two looks, so that under load one look finds many events. */
    private static final long GATHER_MILLIS = 2;
    /** The pause after the gateway could not take an event. */
    private static final long RETRY_MILLIS = 1_000;
    /** How often an event that fails by itself is tried before the event is set aside. */
    private static final int MAX_FAULTS = 3;

    private final SandboxNetwork network;
    private final Events events;
    private final InstantSource clock;
    private final Semaphore news = new Semaphore(1);
    private final Thread thread;
    private final Seldom log = new Seldom(EventPump.class);
    private final Map<Long, Integer> faults = new HashMap<>();
    private final Worker worker;
    private volatile boolean closed;

    EventPump(String device, SandboxNetwork network, Events events, InstantSource clock, Workers workers) {
        this.worker = workers.add(WorkerKind.SANDBOX_EVENTS);
        this.network = network;
        this.events = events;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("sandbox-" + device).unstarted(worker.supervised(this::loop));
    }

    void start() {
        thread.start();
    }

    void wake() {
        news.release();
    }

    private void loop() throws InterruptedException {
        while (!closed) {
            worker.begin();
            try {
                var due = network.due(BATCH);
                var left = due.isEmpty() || tell(due);
                worker.done();
                if (due.isEmpty()) {
                    await(network.nextDue().map(at -> at - clock.millis()).orElse(60_000L));
                } else if (!left) {
                    await(RETRY_MILLIS);
                }
                Thread.sleep(GATHER_MILLIS);
            } catch (RuntimeException e) {
                worker.failed();
                if (!closed) {
                    log.log(Level.WARNING, "the sandbox could not report an event, it will try again", e);
                    await(RETRY_MILLIS);
                }
            }
        }
    }

    /**
     * Tells these, and when they cannot be stored together each half by itself, so that one of them holds up no other.
     *
     * @return false when one of them could not be told, and is to be tried again
     */
    private boolean tell(List<Pending> due) {
        try {
            events.accept(read(due));
            network.told(due);
            due.forEach(event -> faults.remove(event.seq()));
            worker.moved();
            return true;
        } catch (StoreUnavailable | LeaseLost passing) {
            throw passing;
        } catch (RuntimeException | StackOverflowError fault) {
            if (due.size() == 1) {
                return faulty(due.getFirst(), fault);
            }
            int half = due.size() / 2;
            boolean first = tell(due.subList(0, half));
            return tell(due.subList(half, due.size())) && first;
        }
    }

    private boolean faulty(Pending event, Throwable fault) {
        if (faults.merge(event.seq(), 1, Integer::sum) < MAX_FAULTS) {
            return false;
        }
        var why = fault.getClass().getSimpleName() + (fault instanceof RowFault ? ", " + fault.getMessage() : "");
        network.aside(event, why);
        faults.remove(event.seq());
        log.log(Level.ERROR, "an event of the sandbox is set aside: " + why);
        return true;
    }

    private void await(long millis) {
        try {
            if (news.tryAcquire(Math.max(1, millis), TimeUnit.MILLISECONDS)) {
                news.drainPermits();
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    /** Receipts that follow one another for the same chat are one event, as WhatsApp sends them. */
    private List<Event> read(List<Pending> due) {
        var events = new ArrayList<Event>(due.size());
        for (int i = 0; i < due.size(); i++) {
            var first = due.get(i);
            if (first.content() != null) {
                events.add(new Event.Message(
                        first.wireId(),
                        Jid.parse(first.chat()),
                        Jid.parse(first.sender()),
                        first.kind().equals("own_message"),
                        first.pushName(),
                        ContentJson.read(first.content()),
                        first.at()));
                continue;
            }
            if (first.payload() != null) {
                events.add(EventJson.read(first.kind(), first.payload(), first.at()));
                continue;
            }
            var ids = new ArrayList<>(List.of(first.wireId()));
            while (i + 1 < due.size()
                    && due.get(i + 1).kind().equals(first.kind())
                    && due.get(i + 1).chat().equals(first.chat())) {
                ids.add(due.get(++i).wireId());
            }
            var kind = first.kind().equals("read") ? Event.Receipt.Kind.READ : Event.Receipt.Kind.DELIVERED;
            events.add(new Event.Receipt(ids, Jid.parse(first.chat()), Jid.parse(first.sender()), kind, first.at()));
        }
        return events;
    }

    @Override
    public void close() {
        closed = true;
        wake();
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        worker.close();
    }
}
