package gateway.http.hardened;

import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.websocket.WsRouting;

import gateway.http.HttpMetrics;
import gateway.http.Problem;
import gateway.http.ProblemForm;
import gateway.http.UpgradeGate;
import gateway.process.ExplainedFault;
import gateway.process.Workers;

/**
 * A listener of Helidon 4.5.0 with what that version lacks: deadlines, closing, the envelope of refusals, headers of
 * every reply, upgrades behind authentication, memory, and an acceptor that comes back when the process had run out of
 * file descriptors. Every listener of the gateway is one of these.
 *
 * <p>Plain HTTP only, on loopback or behind the TLS edge: with TLS, failed handshakes use up {@code maxTcpConnections}.
 */
public final class HardenedServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HardenedServer.class.getName());

    private final Builder parts;
    private final Reaper reaper;
    private final PortOpening opening;
    private final Probe probe;
    private volatile WebServer server;
    private volatile int port;
    private volatile boolean draining;
    private volatile boolean alive = true;

    private HardenedServer(Builder parts) {
        this.parts = parts;
        this.reaper = new Reaper(parts.name, parts.metrics, parts.workers);
        this.port = parts.port;
        this.opening = new PortOpening(parts, reaper, () -> draining);
        this.server = opening.open(port);
        this.port = server.port();
        this.probe = new Probe(parts.name, parts.address, port, this::revive, parts.workers);
    }

    /** @param name of the listener, for threads and logs: {@code rest}, {@code admin}, {@code metrics} */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** The port that is listened on, also when 0 was asked for. */
    public int port() {
        return port;
    }

    /** Connections open at this moment. */
    public int connections() {
        return reaper.connections();
    }

    /** False while connections are refused, because the listener died and could not yet be opened again. */
    public boolean alive() {
        return alive;
    }

    /** Stops accepting, lets requests in progress end within the grace of the limits, and returns. */
    @Override
    public void close() {
        draining = true;
        probe.close();
        server.stop();
        reaper.close();
    }

    private void revive() {
        if (draining) {
            return;
        }
        alive = false;
        try {
            server = opening.open(port);
            alive = true;
            parts.metrics.revived();
            LOG.log(Level.WARNING, "Listener {0} had died and listens on port {1,number,#} again.", parts.name, port);
        } catch (RuntimeException | LinkageError e) {
            // A class that could not be loaded for want of descriptors is such an error, too.
            LOG.log(
                    Level.ERROR,
                    "Listener {0} has died and cannot be opened again yet: {1}",
                    parts.name,
                    e.getClass().getName());
        }
    }

    /** What a listener is made of. */
    public static final class Builder {
        final String name;
        final List<Filter> filters = new ArrayList<>();
        InetAddress address = InetAddress.getLoopbackAddress();
        int port;
        Limits limits = Limits.API;
        Consumer<HttpRules> routes = rules -> {};
        Consumer<WsRouting.Builder> sockets = routing -> {};
        UpgradeGate gate = UpgradeGate.CLOSED;
        HttpMetrics metrics = HttpMetrics.NONE;
        Workers workers = new Workers();
        Function<Throwable, Optional<Problem>> known = thrown -> Optional.empty();
        ProblemForm form = ProblemForm.ENVELOPE;
        Predicate<InetAddress> proxies = peer -> false;
        boolean overcommit;

        private Builder(String name) {
            this.name = name;
        }

        public Builder address(InetAddress value) {
            address = value;
            return this;
        }

        /** 0 takes any free port. */
        public Builder port(int value) {
            port = value;
            return this;
        }

        public Builder limits(Limits value) {
            limits = value;
            return this;
        }

        /** Tells the peers that speak for many clients, and so have no share of the connections of their own. */
        public Builder proxies(Predicate<InetAddress> value) {
            proxies = value;
            return this;
        }

        /** Called in the order given, all before the routes. */
        public Builder filter(Filter filter) {
            filters.add(filter);
            return this;
        }

        /** Registers the routes; called again when the listener has to be opened again. */
        public Builder routes(Consumer<HttpRules> value) {
            routes = value;
            return this;
        }

        /** What the rooms behind the routes throw, as the client is told of it; empty for what it is not told of. */
        public Builder translating(Function<Throwable, Optional<Problem>> value) {
            known = value;
            return this;
        }

        /** How refusals are written; without this, in the REST API's envelope. */
        public Builder refusing(ProblemForm value) {
            form = value;
            return this;
        }

        /** WebSocket endpoints, and who may open them. */
        public Builder sockets(Consumer<WsRouting.Builder> value, UpgradeGate admission) {
            sockets = value;
            gate = admission;
            return this;
        }

        /** Where the listener's own workers account for their progress. */
        public Builder workers(Workers all) {
            this.workers = all;
            return this;
        }

        public Builder metrics(HttpMetrics value) {
            metrics = value;
            return this;
        }

        /** Takes the limit on connections as it is, even beyond the file descriptors there are. */
        Builder overcommit() {
            overcommit = true;
            return this;
        }

        /**
         * Opens the port.
         *
         * @throws ExplainedFault saying what to do, when it cannot be listened on
         */
        public HardenedServer start() {
            return new HardenedServer(this);
        }
    }
}
