package gateway.engine.web;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import gateway.engine.web.connection.StanzaWatch;
import gateway.engine.web.node.Node;

/** Where an account's stanzas can be watched. Nothing is watched until a trace begins, nor after its end. */
final class Tap implements StanzaWatch {
    private volatile @Nullable StanzaTrace trace;

    /** Begins a trace; an earlier one ends. */
    StanzaTrace begin(Duration length, InstantSource clock) {
        end();
        StanzaTrace begun = new StanzaTrace(length, clock);
        trace = begun;
        return begun;
    }

    Optional<StanzaTrace> trace() {
        return Optional.ofNullable(trace);
    }

    void end() {
        StanzaTrace present = trace;
        trace = null;
        if (present != null) {
            present.end();
        }
    }

    /** Notes what happens to the connection. */
    void note(String text) {
        StanzaTrace present = trace;
        if (present != null) {
            present.note(text);
        }
    }

    @Override
    public boolean isOn() {
        StanzaTrace present = trace;
        return present != null && !present.isEnded();
    }

    @Override
    public void cameIn(Node stanza) {
        StanzaTrace present = trace;
        if (present != null) {
            present.add('<', stanza);
        }
    }

    @Override
    public void wentOut(Node stanza) {
        StanzaTrace present = trace;
        if (present != null) {
            present.add('>', stanza);
        }
    }
}
