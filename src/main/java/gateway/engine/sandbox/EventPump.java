package gateway.engine.sandbox;

import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import gateway.engine.ContentJson;
import gateway.engine.Event;
import gateway.engine.Events;
import gateway.engine.sandbox.SandboxNetwork.Pending;

/**
 * Tells the gateway what the pretended network has for it. An event is struck off only after the gateway has stored it, so
 * one that was under way in a crash is told again.
 */
final class EventPump implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(EventPump.class.getName());
    /** Told in one transaction, which other writers wait for. */
    private static final int BATCH = 64;
    /** Between two looks, so that under load one look finds many. */
    private static final long GATHER_MILLIS = 2;
    /** After the gateway could not take an event. */
    private static final long RETRY_MILLIS = 1_000;

    private final SandboxNetwork network;
    private final Events events;
    private final InstantSource clock;
    private final Semaphore news = new Semaphore(1);
    private final Thread thread;
    private volatile boolean closed;

    EventPump(String device, SandboxNetwork network, Events events, InstantSource clock) {
        this.network = network;
        this.events = events;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("sandbox-" + device).unstarted(this::loop);
    }

    void start() {
        thread.start();
    }

    void wake() {
        news.release();
    }

    private void loop() {
        while (!closed) {
            try {
                var due = network.due(BATCH);
                if (due.isEmpty()) {
                    await(network.nextDue().map(at -> at - clock.millis()).orElse(60_000L));
                } else {
                    events.accept(read(due));
                    network.told(due);
                }
                Thread.sleep(GATHER_MILLIS);
            } catch (InterruptedException e) {
                closed = true;
            } catch (RuntimeException e) {
                if (!closed) {
                    LOG.log(Level.WARNING, "the sandbox could not report an event, it will try again: {0}", e.getMessage());
                    await(RETRY_MILLIS);
                }
            }
        }
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
    private static List<Event> read(List<Pending> due) {
        var events = new ArrayList<Event>(due.size());
        for (int i = 0; i < due.size(); i++) {
            var first = due.get(i);
            if (first.content() != null) {
                events.add(new Event.Message(first.wireId(), first.chat(), first.sender(),
                        first.kind().equals("own_message"), first.pushName(), ContentJson.read(first.content()), first.at()));
                continue;
            }
            if (first.payload() != null) {
                events.add(EventJson.read(first.kind(), first.payload(), first.at()));
                continue;
            }
            var ids = new ArrayList<>(List.of(first.wireId()));
            while (i + 1 < due.size() && due.get(i + 1).kind().equals(first.kind())
                    && due.get(i + 1).chat().equals(first.chat())) {
                ids.add(due.get(++i).wireId());
            }
            var kind = first.kind().equals("read") ? Event.Receipt.Kind.READ : Event.Receipt.Kind.DELIVERED;
            events.add(new Event.Receipt(ids, first.chat(), first.sender(), kind, first.at()));
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
    }
}
