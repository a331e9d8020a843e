package gateway.http.hardened;

import java.time.Duration;
import java.util.Set;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;

import gateway.http.Exchange;

/** HTTP/1.1 as Helidon speaks it, on connections with deadlines. */
final class GuardedProtocol implements ServerConnectionSelector {
    private final Http1ConnectionSelector http1;
    private final Limits limits;
    private final Seats seats;
    private final Slots slots;
    private final Reaper reaper;

    GuardedProtocol(Http1ConnectionSelector http1, Limits limits, Seats seats, Slots slots, Reaper reaper) {
        this.http1 = http1;
        this.limits = limits;
        this.seats = seats;
        this.slots = slots;
        this.reaper = reaper;
    }

    @Override
    public int bytesToIdentifyConnection() {
        return 0;
    }

    @Override
    public Support supports(BufferData data) {
        return Support.SUPPORTED;
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return Set.of("http/1.1");
    }

    @Override
    public ServerConnection connection(ConnectionContext ctx) {
        var guarded = new GuardedConnection(ctx, limits, slots);
        return new Guarded(guarded, http1.connection(guarded));
    }

    private final class Guarded implements ServerConnection {
        private final GuardedConnection connection;
        private final ServerConnection http;

        Guarded(GuardedConnection connection, ServerConnection http) {
            this.connection = connection;
            this.http = http;
        }

        @Override
        public void handle(Limit limit) throws InterruptedException {
            if (!seats.take(connection)) {
                // Its address has its share, with a request under way on each.
                return;
            }
            reaper.watch(connection);
            try {
                ScopedValue.where(Exchange.CONNECTION, connection)
                        .where(GuardedConnection.CURRENT, connection)
                        .call(() -> {
                            try {
                                http.handle(connection.requestLimit());
                            } finally {
                                connection.release();
                                connection.linger();
                            }
                            return null;
                        });
            } finally {
                reaper.forget(connection);
                seats.leave(connection);
            }
        }

        @Override
        public Duration idleTime() {
            return http.idleTime();
        }

        @Override
        public void close(boolean interrupt) {
            http.close(interrupt);
        }
    }
}
