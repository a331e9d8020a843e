package gateway.http.hardened;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.NotFoundException;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.websocket.WsConfig;
import io.helidon.webserver.websocket.WsRoute;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.webserver.websocket.WsUpgrader;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsUpgradeException;
import org.jspecify.annotations.Nullable;

import gateway.http.Problem;
import gateway.http.UpgradeGate;

/**
 * The WebSocket handshake behind an {@link UpgradeGate}: Helidon's own opens a socket before any filter or route is
 * asked.
 */
final class GuardedUpgrade extends WsUpgrader {
    static final WsConfig SOCKETS =
            WsConfig.builder().maxFrameLength(SocketFrame.MAX_BYTES).build();

    private static final HeaderName KEY = HeaderNames.create("Sec-WebSocket-Key");
    /** RFC 6455 §4.1. Helidon fails on other characters in a way of its own. */
    private static final Pattern KEY_FORM = Pattern.compile("[A-Za-z0-9+/]{22}==");

    private static final HeaderName VERSION = HeaderNames.create("Sec-WebSocket-Version");
    private static final String VERSION_13 = "13";

    private final UpgradeGate gate;
    private final ErrorReplies refusals;

    GuardedUpgrade(UpgradeGate gate, ErrorReplies refusals) {
        super(SOCKETS);
        this.gate = gate;
        this.refusals = refusals;
    }

    @Override
    public @Nullable ServerConnection upgrade(
            ConnectionContext ctx, HttpPrologue prologue, WritableHeaders<?> headers) {
        var connection = (GuardedConnection) ctx;
        try {
            gate.admit(connection.exchange(), prologue, headers);
        } catch (RuntimeException e) {
            throw Framing.refuse(refusals.problemOf(e));
        }
        if (headers.contains(KEY)
                && !KEY_FORM.matcher(String.join(",", headers.all(KEY, List::of)))
                        .matches()) {
            throw Framing.refuse(Problem.badRequest("Sec-WebSocket-Key: 16 bytes in Base64 are needed, once."));
        }
        Optional<WsRoute> route = route(ctx, prologue);
        return route.isEmpty() ? null : opened(connection, route.get().listener(), prologue, headers);
    }

    private static Optional<WsRoute> route(ConnectionContext ctx, HttpPrologue prologue) {
        try {
            return Optional.of(
                    ctx.router().routing(WsRouting.class, WsRouting.empty()).findRoute(prologue));
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    private @Nullable ServerConnection opened(
            GuardedConnection connection, WsListener listener, HttpPrologue prologue, Headers headers) {
        if (prologue.method() != Method.GET) {
            throw Framing.refuse(Problem.badRequest("A socket is opened with GET."));
        }
        if (!VERSION_13.equals(headers.first(VERSION).orElse(VERSION_13))) {
            throw Framing.refuse(new Problem(426, "UPGRADE_REQUIRED", "Sec-WebSocket-Version: only 13 is understood.")
                    .with("Sec-WebSocket-Version", VERSION_13));
        }
        String key = headers.first(KEY)
                .orElseThrow(() -> Framing.refuse(Problem.badRequest("Sec-WebSocket-Key is needed.")));
        var reply = new StringBuilder(SWITCHING_PROTOCOL_PREFIX).append(hash(connection, key));
        try {
            listener.onHttpUpgrade(prologue, headers)
                    .ifPresent(more -> more.forEach(header -> reply.append("\r\n")
                            .append(header.name())
                            .append(": ")
                            .append(header.get())));
        } catch (WsUpgradeException e) {
            return null;
        }
        connection.upgraded();
        connection
                .dataWriter()
                .writeNow(BufferData.create(
                        reply.append(SWITCHING_PROTOCOLS_SUFFIX).toString().getBytes(StandardCharsets.ISO_8859_1)));
        return new SocketConnection(connection, prologue, listener);
    }
}
