package gateway.messaging;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import gateway.engine.Content;
import gateway.engine.Engine;
import gateway.engine.EngineRefusal;
import gateway.engine.Events;
import gateway.engine.Jid;
import gateway.engine.Session;
import gateway.store.Store;

/** An engine that answers as the test tells it to, and remembers what it was handed. */
final class ScriptedEngine implements Engine, Session {
    static final Jid SELF = Jid.ofPhone("12025550123");

    /** What the engine was handed, taken or not. */
    record Handed(String id, Jid chat, String body) {}

    final Queue<Handed> handed = new ConcurrentLinkedQueue<>();
    final Queue<EngineRefusal> refusals = new ConcurrentLinkedQueue<>(new ArrayDeque<>());
    final AtomicInteger statusAsked = new AtomicInteger();
    final AtomicInteger opened = new AtomicInteger();
    /** How often {@link #open} fails before it does not. */
    volatile int faultsAtOpen;
    /** Is told the words of each message while the message is under way. */
    volatile Consumer<String> sending = body -> {};

    volatile boolean connected = true;
    volatile Events events;
    /** A message of these words makes it fail. */
    volatile String faulty = "";

    @Override
    public boolean knowsStrangers() {
        return true;
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public Session open(String device, Store state, Events reported) {
        if (opened.incrementAndGet() <= faultsAtOpen) {
            throw new IllegalStateException("the engine cannot open it");
        }
        events = reported;
        return this;
    }

    @Override
    public void forget(String device, Store state) {}

    @Override
    public Optional<Jid> account(String device, Store state) {
        return Optional.of(SELF);
    }

    @Override
    public Status status() {
        statusAsked.incrementAndGet();
        return new Status(connected, Optional.of(SELF));
    }

    @Override
    public Sent send(String id, Jid chat, Content content) {
        handed.add(new Handed(id, chat, content.body()));
        sending.accept(content.body());
        if (content.body().equals(faulty)) {
            throw new IllegalStateException("the engine does not know what to do with it");
        }
        var refusal = refusals.poll();
        if (refusal != null) {
            throw refusal;
        }
        return new Sent(id, 42);
    }

    @Override
    public PairingCode pair() {
        throw new EngineRefusal(EngineRefusal.Reason.UNSUPPORTED, "not in this test");
    }

    @Override
    public String pairByPhone(String phone) {
        throw new EngineRefusal(EngineRefusal.Reason.UNSUPPORTED, "not in this test");
    }

    @Override
    public void reconnect() {
        connected = true;
    }

    @Override
    public void logout() {
        connected = false;
    }

    @Override
    public boolean isOnWhatsApp(Jid user) {
        return true;
    }

    @Override
    public Optional<UserInfo> userInfo(Jid user) {
        return Optional.empty();
    }

    @Override
    public List<LinkedDevice> devices() {
        return List.of();
    }

    @Override
    public void close() {
        connected = false;
    }
}
