package gateway.engine.web;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

import gateway.engine.OutboundProxy;
import gateway.engine.Trace;
import gateway.engine.Wire;

/** The proxy and the trace of one account. */
final class WebWire implements Wire {
    private final Dialer dialer;
    private final InstantSource clock;
    private final Consumer<Runnable> changing;

    /** @param changing runs a change of the way out, and ends what is open by the earlier way */
    WebWire(Dialer dialer, InstantSource clock, Consumer<Runnable> changing) {
        this.dialer = dialer;
        this.clock = clock;
        this.changing = changing;
    }

    @Override
    public Optional<OutboundProxy> proxy() {
        return dialer.way().proxy();
    }

    @Override
    public void proxy(Optional<OutboundProxy> proxy) {
        changing.accept(() -> dialer.way().change(proxy));
    }

    @Override
    public Trace trace(Duration length) {
        return dialer.tap().begin(length, clock);
    }

    @Override
    public Optional<Trace> trace() {
        return dialer.tap().trace().map(Trace.class::cast);
    }
}
