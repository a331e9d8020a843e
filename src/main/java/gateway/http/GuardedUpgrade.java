package gateway.http;

import io.helidon.http.HttpPrologue;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.websocket.WsConfig;
import io.helidon.webserver.websocket.WsUpgrader;

/** The WebSocket handshake behind an {@link UpgradeGate}: Helidon itself answers 101 on a route that asks for credentials. */
final class GuardedUpgrade implements Http1Upgrader {
    /** A console has no use for more in one frame. */
    private static final int MAX_FRAME_BYTES = 64 * 1024;

    private final Http1Upgrader inner = WsUpgrader.create(WsConfig.builder().maxFrameLength(MAX_FRAME_BYTES).build());
    private final UpgradeGate gate;

    GuardedUpgrade(UpgradeGate gate) {
        this.gate = gate;
    }

    @Override
    public String supportedProtocol() {
        return inner.supportedProtocol();
    }

    @Override
    public ServerConnection upgrade(ConnectionContext ctx, HttpPrologue prologue, WritableHeaders<?> headers) {
        try {
            gate.admit(((GuardedConnection) ctx).exchange(), prologue, headers);
        } catch (Problem problem) {
            throw Framing.refuse(problem);
        }
        return inner.upgrade(ctx, prologue, headers);
    }
}
