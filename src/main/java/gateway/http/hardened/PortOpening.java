package gateway.http.hardened;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.logging.Logger;

import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.http.media.MediaContext;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.websocket.WsRouting;

import gateway.process.ExplainedFault;
import gateway.process.PassingFault;

/**
 * Helidon's settings for a {@link HardenedServer}: how its port is opened, at first and again after its acceptor died.
 */
final class PortOpening {
    /** These print exceptions with their messages; {@link ErrorReplies} has already told what may be told. */
    private static final List<Logger> TOO_TALKATIVE = List.of(
            Logger.getLogger("io.helidon.webserver.http.DirectHandlers"),
            Logger.getLogger("io.helidon.webserver.http.ErrorHandlers"));
    /**
     * The only place that tells of an error outside routing: Helidon hands its direct handlers a text, not the
     * exception.
     */
    private static final Logger CONNECTIONS = Logger.getLogger("io.helidon.webserver.http1.Http1Connection");
    /**
     * Bodies are read and written as bytes; looking for more kinds of body on the class path would only slow the start.
     */
    private static final MediaContext BYTES_AND_TEXT =
            MediaContext.builder().mediaSupportsDiscoverServices(false).build();

    private static final ContentEncodingContext UNCODED = ContentEncodingContext.builder()
            .contentEncodingsDiscoverServices(false)
            .build();

    private final HardenedServer.Builder parts;
    private final Reaper reaper;
    private final BooleanSupplier draining;

    static {
        TOO_TALKATIVE.forEach(logger -> logger.setLevel(java.util.logging.Level.OFF));
        CONNECTIONS.setFilter(ErrorReplies::outlined);
    }

    /** @param draining whether every reply closes its connection from now on */
    PortOpening(HardenedServer.Builder parts, Reaper reaper, BooleanSupplier draining) {
        this.parts = parts;
        this.reaper = reaper;
        this.draining = draining;
    }

    /**
     * Opens the port; 0 takes any free one.
     *
     * @throws ExplainedFault saying what to do, when it cannot be listened on
     */
    WebServer open(int port) {
        ErrorReplies refusals = new ErrorReplies(parts.known, parts.form);
        HttpRouting.Builder routing = HttpRouting.builder();
        routing.addFilter(new ConnectionCloser(refusals));
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
        var protocol =
                new GuardedProtocol(http1(refusals), parts.limits, seats, new Slots(parts.limits.requests()), reaper);
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
                // A channel copies each read through a buffer outside of the heap; a socket reads into its array.
                .useNio(false)
                .directHandlers(handlers.build())
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
    private static ExplainedFault unlistenable(InetAddress address, int port) {
        var what = "Port " + port + " of " + address.getHostAddress() + " cannot be listened on";
        try (var _ = new ServerSocket(port, 1, address)) {
            return new PassingFault(what + "; another program had it a moment ago.");
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("Permission denied")) {
                return new ExplainedFault(what + ": permission denied. Choose a port above 1023.", e);
            }
            return new PassingFault(
                    what + "; another program may have it: ss -ltnp 'sport = :" + port
                            + "'; or the address is not this machine's yet: ip address.",
                    e);
        }
    }

    @SuppressWarnings("removal") // Helidon will remove its wire logs; until then they must be turned off
    private Http1ConnectionSelector http1(ErrorReplies refusals) {
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
                .addSendListener(new ReplyHeaders(draining, parts.metrics))
                .build();
        return Http1ConnectionSelector.builder()
                .config(http1)
                .addUpgrader(new GuardedUpgrade(parts.gate, refusals))
                .build();
    }
}
