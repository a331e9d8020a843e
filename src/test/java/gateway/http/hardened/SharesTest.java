package gateway.http.hardened;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import gateway.http.Problem;

/** What one client holds of a listener's connections and requests, and what is left for the others. */
class SharesTest {
    private static final int CONNECTIONS = 64;
    private static final int REQUESTS = 4;
    private static final String OK = "GET /ok HTTP/1.1\r\nHost: a\r\n\r\n";

    private final List<Socket> attackers = new ArrayList<>();
    private InetAddress proxy;
    private HardenedServer server;

    @BeforeEach
    void start() throws IOException {
        proxy = InetAddress.getByName("127.0.3.1");
        server = HardenedServer.builder("shares")
                .limits(Limits.API.withConnections(CONNECTIONS).withRequests(REQUESTS))
                .proxies(proxy::equals)
                .routes(rules -> rules.get("/ok", (request, response) -> response.send("ok"))
                        .get("/spent", (request, response) -> {
                            throw new OutOfMemoryError("as if");
                        })
                        .post("/refused", (request, response) -> {
                            throw new Problem(401, "UNAUTHORIZED", "Valid credentials are needed.");
                        })
                        .post(
                                "/echo",
                                (request, response) -> response.send(
                                        request.content().inputStream().readAllBytes())))
                .start();
    }

    @AfterEach
    void stop() throws IOException {
        for (var socket : attackers) {
            socket.close();
        }
        server.close();
    }

    private void attack(int count, InetAddress from, String start) throws IOException {
        for (int i = 0; i < count; i++) {
            var socket = new Socket(InetAddress.getLoopbackAddress(), server.port(), from, 0);
            attackers.add(socket);
            try {
                socket.getOutputStream().write(start.getBytes(StandardCharsets.US_ASCII));
            } catch (SocketException e) {
                // Its share is taken: it was closed at once.
                socket.close();
            }
        }
    }

    private static InetAddress stranger(int number) throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 1, (byte) number});
    }

    private void othersAreServed() throws IOException {
        for (int i = 0; i < 5; i++) {
            try (var wire = new Wire(server.port())) {
                assertEquals("ok", wire.send(OK).reply().body());
            }
        }
    }

    @Test
    void silentConnectionsOfOneAddressKeepNobodyOut() throws IOException {
        attack(3 * CONNECTIONS, stranger(1), "");
        othersAreServed();
        assertTrue(server.connections() <= CONNECTIONS / 2 + 1, server.connections() + " are open");
    }

    @Test
    void unfinishedHeadsOfManyAddressesKeepNobodyOut() throws IOException {
        for (int address = 1; address <= 100; address++) {
            attack(2, stranger(address), "GET /ok HTTP/1.1\r\nX: ");
        }
        othersAreServed();
    }

    @Test
    void connectionsKeptByTheAttackersAddressGoOnBeingServed() throws IOException {
        try (var wire = new Wire(server.port())) {
            assertEquals("ok", wire.send(OK).reply().body());
            attack(3 * CONNECTIONS, InetAddress.getLoopbackAddress(), "GET /ok HTTP/1.1\r\nX: ");
            assertEquals("ok", wire.send(OK).reply().body());
        }
        othersAreServed();
    }

    /** The oldest unfinished head of the address is that of a client that was served before. */
    @Test
    void aServedConnectionWhoseNextHeadHasBegunOutlastsNewOnes() throws Exception {
        try (var wire = new Wire(server.port())) {
            assertEquals("ok", wire.send(OK).reply().body());
            wire.send(OK.substring(0, 20));
            Thread.sleep(300);
            attack(3 * CONNECTIONS, InetAddress.getLoopbackAddress(), "GET /ok HTTP/1.1\r\nX: ");
            assertEquals("ok", wire.send(OK.substring(20)).reply().body());
        }
    }

    /** Who was served once has no seat for ever: when all connections of an address were served, the oldest goes. */
    @Test
    void servedConnectionsWithUnfinishedHeadsKeepTheirOwnAddressFromNothing() throws IOException {
        // One after another: when the share is full, a connection that waits for its first reply gives way first.
        for (int i = 0; i < CONNECTIONS / 2; i++) {
            attack(1, InetAddress.getLoopbackAddress(), OK);
            var socket = attackers.getLast();
            assertEquals('H', socket.getInputStream().read());
            socket.getOutputStream().write("GET /ok HTTP/1.1\r\nX: ".getBytes(StandardCharsets.US_ASCII));
        }
        othersAreServed();
    }

    @Test
    void drippedBodiesOfRefusedRequestsHoldNoSlot() throws IOException {
        attack(3 * REQUESTS, stranger(1), "POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\nx");
        for (var socket : attackers) {
            assertEquals('H', socket.getInputStream().read());
        }
        othersAreServed();
    }

    /** Each refusal behind another one is told a tenth of a second later. */
    @Test
    void refusalsThatAreHeldBackHoldNoSlot() throws IOException {
        attack(2 * REQUESTS, stranger(1), "GET /spent HTTP/1.1\r\nHost: a\r\n\r\n".repeat(30));
        othersAreServed();
    }

    @Test
    void aBodyThatStillComesHoldsNoSlotAndIsTakenInTheEnd() throws IOException {
        attack(3 * REQUESTS, stranger(1), "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nx");
        othersAreServed();
        for (var socket : attackers) {
            socket.getOutputStream().write("yz".getBytes(StandardCharsets.US_ASCII));
        }
        for (var socket : attackers) {
            assertEquals(
                    "HTTP/1.1 200 OK", new String(socket.getInputStream().readNBytes(15), StandardCharsets.US_ASCII));
        }
        // Every slot is given back once, and only once.
        othersAreServed();
    }

    @Test
    void theRestOfARefusedBodyHasItsTime() throws IOException {
        attack(1, stranger(1), "POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\nx");
        var out = attackers.getFirst().getOutputStream();
        Awaitility.await()
                .atMost(Duration.ofSeconds(9))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    try {
                        out.write(new byte[1024]);
                        return false;
                    } catch (SocketException e) {
                        return true;
                    }
                });
    }

    @Test
    void aProxySpeaksForMany() throws IOException {
        attack(CONNECTIONS * 3 / 4, proxy, "");
        Awaitility.await().until(() -> server.connections() == CONNECTIONS * 3 / 4);
        attack(3 * CONNECTIONS, stranger(1), "");
        othersAreServed();
        for (var socket : attackers.subList(0, CONNECTIONS * 3 / 4)) {
            socket.getOutputStream().write(OK.getBytes(StandardCharsets.US_ASCII));
            assertEquals('H', socket.getInputStream().read());
        }
    }
}
