package gateway.http;

import gateway.process.Workers;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.http.media.MediaContext;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.websocket.WsRouting;

import java.lang.System.Logger.Level;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.logging.Logger;

import gateway.process.PassingFault;

/**
 * A listener of Helidon 4.5.0 with what that version lacks: deadlines, closing, the envelope of refusals, headers of every
 * reply, upgrades behind authentication, memory, and an acceptor that comes back when the process had run out of file
 * descriptors. Every listener of the gateway is one of these.
 *
 * <p>Plain HTTP only, on loopback or behind the TLS edge: with TLS, failed handshakes use up {@code maxTcpConnections}.
 */
public final class HardenedServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HardenedServer.class.getName());
    /** These print exceptions with their messages; {@link Refusals} has already told what may be told. */
    private static final List<Logger> TOO_TALKATIVE = List.of(
            Logger.getLogger("io.helidon.webserver.http.DirectHandlers"),
            Logger.getLogger("io.helidon.webserver.http.ErrorHandlers"));
    /** The only place that tells of an error outside routing: Helidon hands its direct handlers a text, not the exception. */
    private static final Logger CONNECTIONS = Logger.getLogger("io.helidon.webserver.http1.Http1Connection");
    /** Bodies are read and written as bytes; looking for more kinds of body on the class path would only slow the start. */
    private static final MediaContext BYTES_AND_TEXT = MediaContext.builder().mediaSupportsDiscoverServices(false).build();
    private static final ContentEncodingContext UNCODED =
            ContentEncodingContext.builder().contentEncodingsDiscoverServices(false).build();

    private final Builder parts;
    private final Reaper reaper;
    private final Probe probe;
    private volatile WebServer server;
    private volatile int port;
    private volatile boolean draining;
    private volatile boolean alive = true;

    static {
        TOO_TALKATIVE.forEach(logger -> logger.setLevel(java.util.logging.Level.OFF));
        CONNECTIONS.setFilter(Refusals::outlined);
    }

    private HardenedServer(Builder parts) {
        this.parts = parts;
        this.reaper = new Reaper(parts.name, parts.metrics, parts.workers);
        this.port = parts.port;
        this.server = open();
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

    /** From now on every reply closes its connection, so that clients move elsewhere before {@link #close}. */
    public void drain() {
        draining = true;
    }

    /** Stops accepting, lets requests in progress end within the grace of the limits, and returns. */
    @Override
    public void close() {
        draining = true;
        probe.close();
        reaper.drain();
        server.stop();
        reaper.close();
    }

    private WebServer open() {
        Refusals refusals = new Refusals(parts.known, parts.form);
        HttpRouting.Builder routing = HttpRouting.builder();
        routing.addFilter(new Closing(refusals));
        parts.filters.forEach(routing::addFilter);
        KnownPaths paths = new KnownPaths(routing);
        parts.routes.accept(paths);
        routing.any(paths.fallback());
        routing.error(Throwable.class, refusals);

        WsRouting.Builder sockets = WsRouting.builder();
        parts.sockets.accept(sockets);

        var handlers = DirectHandlers.builder();
        for (EventType type : EventType.values()) {
            handlers.addHandler(type, refusals);
        }
        int connections = parts.overcommit ? parts.limits.connections() : parts.limits.affordable(parts.name);
        // The rest is for those that have given way and are not closed yet.
        var seats = new Seats(Math.max(1, connections - connections / 8), parts.proxies);
        var protocol = new GuardedProtocol(http1(refusals), parts.limits, seats, new Slots(parts.limits.requests()), reaper);
        var started = WebServer.builder()
                .address(parts.address)
                .port(port)
                .backlog(1024)
                .featuresDiscoverServices(false)
                .protocolsDiscoverServices(false)
                .mediaContext(BYTES_AND_TEXT)
                .contentEncoding(UNCODED)
                .shutdownHook(false)
                .maxTcpConnections(connections)
                .maxPayloadSize(parts.limits.bodyBytes())
                .shutdownGracePeriod(parts.limits.grace())
                // The reaper decides; this only stands behind it.
                .idleConnectionTimeout(Duration.ofMinutes(10))
                // A time-out of the socket's own would set and cancel a timer with every read.
                .connectionOptions(socket -> socket.readTimeout(Duration.ZERO).tcpNoDelay(true))
                .directHandlers(handlers.build())
                // Helidon asks here for a socket's limits, and fails after its 101 when there are none.
                .addProtocol(GuardedUpgrade.SOCKETS)
                .addConnectionSelector(protocol)
                .routing(routing)
                .addRouting(sockets)
                .build()
                .start();
        if (!started.isRunning()) {
            throw unlistenable(parts.address, port);
        }
        return started;
    }

    /** Helidon keeps the reason to itself, so the address is tried once more to tell it. */
    private static IllegalStateException unlistenable(InetAddress address, int port) {
        var what = "Port " + port + " of " + address.getHostAddress() + " cannot be listened on";
        try (var _ = new ServerSocket(port, 1, address)) {
            return new PassingFault(what + "; another program had it a moment ago.");
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("Permission denied")) {
                return new IllegalStateException(what + ": permission denied. Choose a port above 1023.", e);
            }
            return new PassingFault(what + "; another program may have it: ss -ltnp 'sport = :" + port
                    + "'; or the address is not this machine's yet: ip address.", e);
        }
    }

    private Http1ConnectionSelector http1(Refusals refusals) {
        var http1 = Http1Config.builder()
                .maxPrologueLength(4096)
                .maxHeadersSize(parts.limits.headerBytes())
                .validateRequestHeaders(true)
                // Done by ReplyHeaders.
                .validateResponseHeaders(false)
                .validatePath(true)
                // Helidon's own wire logs show credentials.
                .receiveLog(false)
                .sendLog(false)
                // One of each: with two, Helidon 4.5.0 still calls neither.
                .addReceiveListener(new Framing())
                .addSendListener(new ReplyHeaders(() -> draining, parts.metrics))
                .build();
        return Http1ConnectionSelector.builder()
                .config(http1)
                .addUpgrader(new GuardedUpgrade(parts.gate, refusals))
                .build();
    }

    private void revive() {
        if (draining) {
            return;
        }
        alive = false;
        try {
            server = open();
            alive = true;
            parts.metrics.revived();
            LOG.log(Level.WARNING, "Listener {0} had died and listens on port {1,number,#} again.", parts.name, port);
        } catch (RuntimeException | LinkageError e) {
            // A class that could not be loaded for want of descriptors is such an error, too.
            LOG.log(Level.ERROR, "Listener {0} has died and cannot be opened again yet: {1}", parts.name,
                    e.getClass().getName());
        }
    }

    /** What a listener is made of. */
    public static final class Builder {
        private final String name;
        private final List<Filter> filters = new ArrayList<>();
        private InetAddress address = InetAddress.getLoopbackAddress();
        private int port;
        private Limits limits = Limits.API;
        private Consumer<HttpRules> routes = rules -> { };
        private Consumer<WsRouting.Builder> sockets = routing -> { };
        private UpgradeGate gate = UpgradeGate.CLOSED;
        private HttpMetrics metrics = HttpMetrics.NONE;
        private Workers workers = new Workers();
        private Function<Throwable, Optional<Problem>> known = thrown -> Optional.empty();
        private ProblemForm form = ProblemForm.ENVELOPE;
        private Predicate<InetAddress> proxies = peer -> false;
        private boolean overcommit;

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
         * @throws IllegalStateException saying what to do, when it cannot be listened on
         */
        public HardenedServer start() {
            return new HardenedServer(this);
        }
    }
}
