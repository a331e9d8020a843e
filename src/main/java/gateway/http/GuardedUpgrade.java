package gateway.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.websocket.WsConfig;
import io.helidon.webserver.websocket.WsUpgrader;

import java.util.List;
import java.util.regex.Pattern;

/** The WebSocket handshake behind an {@link UpgradeGate}: Helidon's own opens a socket before any filter or route is asked. */
final class GuardedUpgrade extends WsUpgrader {
    /** A console has no use for more in one frame. */
    private static final int MAX_FRAME_BYTES = 64 * 1024;

    static final WsConfig SOCKETS = WsConfig.builder().maxFrameLength(MAX_FRAME_BYTES).build();

    private static final HeaderName KEY = HeaderNames.create("Sec-WebSocket-Key");
    /** RFC 6455 §4.1. Helidon fails on other characters in a way of its own. */
    private static final Pattern KEY_FORM = Pattern.compile("[A-Za-z0-9+/]{22}==");

    private final UpgradeGate gate;
    private final Refusals refusals;

    GuardedUpgrade(UpgradeGate gate, Refusals refusals) {
        super(SOCKETS);
        this.gate = gate;
        this.refusals = refusals;
    }

    @Override
    public ServerConnection upgrade(ConnectionContext ctx, HttpPrologue prologue, WritableHeaders<?> headers) {
        try {
            gate.admit(((GuardedConnection) ctx).exchange(), prologue, headers);
        } catch (RuntimeException e) {
            throw Framing.refuse(refusals.problemOf(e));
        }
        if (headers.contains(KEY) && !KEY_FORM.matcher(String.join(",", headers.all(KEY, List::of))).matches()) {
            throw Framing.refuse(Problem.badRequest("Sec-WebSocket-Key: 16 bytes in Base64 are needed, once."));
        }
        return new FrameGuard(super.upgrade(ctx, prologue, headers), ctx.dataWriter());
    }

    /** Of the page that asks for a socket {@link Cors#admits} has judged, which knows the pages listed by the operator. */
    @Override
    protected void validateOrigin(Headers headers, String origin) {
    }
}
