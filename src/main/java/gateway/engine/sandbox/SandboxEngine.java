package gateway.engine.sandbox;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

import gateway.engine.Engine;
import gateway.engine.Events;
import gateway.engine.Jid;
import gateway.engine.MediaFiles;
import gateway.process.Workers;
import gateway.store.Store;
import gateway.store.Tx;

/** The sandbox: no message leaves this machine. */
public final class SandboxEngine implements Engine {
    private static final List<String> TABLES = List.of(
            "sandbox_account",
            "sandbox_ledger",
            "sandbox_pending",
            "sandbox_trouble",
            "sandbox_contact",
            "sandbox_member",
            "sandbox_group",
            "sandbox_newsletter",
            "sandbox_deed",
            "sandbox_file");

    private final MediaFiles media;
    private final InstantSource clock;
    private final Workers workers;
    private final InboundRules rules;

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
        session.start();
        return session;
    }

    @Override
    public void forget(String device, Store state) {
        state.write(tx -> {
            for (var table : TABLES) {
                tx.delete("DELETE FROM " + table + " WHERE device = ?", device);
            }
            return null;
        });
    }

    @Override
    public Optional<Jid> account(String device, Store state) {
        return new SandboxNetwork(state, device, clock, rules.remembers()).account();
    }

    @Override
    public boolean isAdmin(String device, Tx tx, Jid group, Jid person) {
        return SandboxMembers.isAdmin(tx, device, group, person);
    }

    @Override
    public void close() {}
}
