package gateway.engine;

import java.time.Duration;
import java.util.Optional;

/** What carries an account's connection: the proxy by which it leaves, and a trace of what is said on it. */
public interface Wire {
    /** The wire of an engine that connects to nothing: it goes by no proxy and has no trace. */
    Wire NONE = new Wire() {
        @Override
        public Optional<OutboundProxy> proxy() {
            return Optional.empty();
        }

        @Override
        public void proxy(Optional<OutboundProxy> proxy) {
            if (proxy.isPresent()) {
                throw new EngineRefusal(EngineRefusal.Reason.REJECTED, "this account's engine connects by no proxy");
            }
        }

        @Override
        public Trace trace(Duration length) {
            throw new EngineRefusal(
                    EngineRefusal.Reason.REJECTED, "this account's engine has no connection to be traced");
        }

        @Override
        public Optional<Trace> trace() {
            return Optional.empty();
        }
    };

    /** The proxy by which the account's connections leave: its own, or else the one of the settings. */
    Optional<OutboundProxy> proxy();

    /**
     * Gives the account a proxy of its own, and connects again by it.
     *
     * @param proxy empty to go by the proxy of the settings, if there is one
     */
    void proxy(Optional<OutboundProxy> proxy);

    /** Begins to note what the connection says and hears, for a time; an earlier trace ends. */
    Trace trace(Duration length);

    /** The trace that was begun last, also when it has ended. */
    Optional<Trace> trace();
}
