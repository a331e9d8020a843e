package gateway.engine.sandbox;

import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import gateway.engine.Engine;
import gateway.engine.Events;
import gateway.engine.Jid;
import gateway.engine.MediaFiles;
import gateway.process.Workers;
import gateway.store.Store;

/** The sandbox: no message leaves this machine. */
public final class SandboxEngine implements Engine {
    private final MediaFiles media;
    private final InstantSource clock;
    private final Workers workers;
    private final InboundRules rules;
    private final Map<String, SandboxSession> sessions = new ConcurrentHashMap<>();

    public SandboxEngine(MediaFiles media, InstantSource clock) {
        this(media, clock, new Workers(), InboundRules.ALL);
    }

    /** @param rules what accounts take of what comes in */
    public SandboxEngine(MediaFiles media, InstantSource clock, Workers workers, InboundRules rules) {
        this.rules = rules;
        this.workers = workers;
        this.media = media;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "sandbox";
    }

    @Override
    public SandboxSession open(String device, Store state, Events events) {
        var session = new SandboxSession(device, state, media, events, clock, workers, rules);
        sessions.put(device, session);
        session.start();
        return session;
    }

    @Override
    public Optional<Jid> account(String device, Store state) {
        return new SandboxNetwork(state, device, clock, rules.remembers()).account();
    }

    /** The session of a device, for the controls that make things happen. */
    public Optional<SandboxSession> session(String device) {
        return Optional.ofNullable(sessions.get(device));
    }

    @Override
    public void close() {
        sessions.clear();
    }
}
