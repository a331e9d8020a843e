package gateway.http.hardened;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import gateway.http.Problem;

/** Clients that hold a connection by sending or taking a byte now and then (slowloris, R.U.D.Y., slow read). */
class SlowClientTest {
    private static HardenedServer server;

    @BeforeAll
    static void start() {
        server = HardenedServer.builder("slow")
                .limits(Limits.API.withTimes(Duration.ofMillis(600), Duration.ofMillis(400), Duration.ofMillis(900)))
                .routes(rules -> rules.get("/ok", (request, response) -> response.send("ok"))
                        .get("/slow", (request, response) -> {
                            Thread.sleep(1500);
                            response.send("ok");
                        })
                        .get("/much", (request, response) -> {
                            try (var out = response.outputStream()) {
                                for (int i = 0; i < 4000; i++) {
                                    out.write(new byte[16384]);
                                }
                            }
                        })
                        .post("/refuse", (request, response) -> {
                            throw Problem.badField("phone", "cannot be blank");
                        })
                        .post(
                                "/echo",
                                (request, response) -> response.send(
                                        request.content().inputStream().readAllBytes())))
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Sends one byte every 100 ms, which no timeout per read would ever notice. */
    private static void drip(Socket socket, String start) {
        assertTimeoutPreemptively(Duration.ofSeconds(6), () -> {
            socket.getOutputStream().write(start.getBytes());
            socket.setSoTimeout(100);
            while (true) {
                try {
                    if (socket.getInputStream().read() == -1) {
                        return;
                    }
                } catch (java.net.SocketTimeoutException e) {
                    socket.getOutputStream().write('a');
                } catch (SocketException e) {
                    return;
                }
            }
        });
    }

    @Test
    void drippedHeadersAreCut() throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            drip(socket, "GET /ok HTTP/1.1\r\nX: ");
        }
    }

    @Test
    void drippedHeadersOfASecondRequestAreCutToo() throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            drip(socket, "GET /ok HTTP/1.1\r\nHost: a\r\n\r\nGET /ok HTTP/1.1\r\nX: ");
        }
    }

    @Test
    void aDrippedBodyIsCut() throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            drip(socket, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
        }
    }

    /** The patience with a body has nothing to do with the time until the next request. */
    @Test
    void aKeptConnectionMayBeSilentForLongerThanABody() throws Exception {
        try (var patient = HardenedServer.builder("patient")
                        .limits(Limits.API.withTimes(
                                Duration.ofSeconds(6), Duration.ofMillis(200), Duration.ofSeconds(6)))
                        .routes(rules -> rules.post(
                                "/echo",
                                (request, response) -> response.send(
                                        request.content().inputStream().readAllBytes())))
                        .start();
                var wire = new Wire(patient.port())) {
            for (int i = 0; i < 2; i++) {
                wire.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
                assertEquals("x", wire.reply().body());
                Thread.sleep(700);
            }
        }
    }

    @Test
    void theDrippedRestOfARefusedBodyIsCut() throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            drip(socket, "POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 10000\r\n\r\n");
        }
    }

    /** However much time its first bytes have earned it. */
    @Test
    void aBodyThatStopsIsCut() throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(30_000));
            wire.rest();
        }
    }

    /** Its answer is written, so nobody loses anything but the rest of what was refused. */
    @Test
    void aRefusedClientThatStillSendsGivesWay() throws IOException {
        var held = new java.util.ArrayList<Wire>();
        try (var crowded = HardenedServer.builder("crowded")
                .limits(Limits.API.withConnections(16))
                .routes(rules -> rules.get("/ok", (request, response) -> response.send("ok"))
                        .post("/refuse", (request, response) -> {
                            throw Problem.badField("phone", "cannot be blank");
                        }))
                .start()) {
            for (int i = 0; i < 8; i++) {
                held.add(new Wire(crowded.port()));
                held.getLast().send("POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nx");
                assertEquals(400, held.getLast().reply().status());
            }
            // A reply is read a moment before its connection may give way.
            org.awaitility.Awaitility.await()
                    .atMost(Duration.ofSeconds(4))
                    .ignoreExceptions()
                    .until(() -> {
                        try (var wire = new Wire(crowded.port())) {
                            return wire.send("GET /ok HTTP/1.1\r\nHost: a\r\n\r\n")
                                            .reply()
                                            .status()
                                    == 200;
                        }
                    });
            for (Wire wire : held) {
                wire.close();
            }
        }
    }

    @Test
    void aSilentClientIsCutBeforeAndBetweenRequests() throws IOException {
        try (var wire = new Wire(server.port())) {
            assertTrue(wire.ends());
        }
        try (var wire = new Wire(server.port())) {
            wire.send("GET /ok HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals("ok", wire.reply().body());
            assertTrue(wire.ends());
        }
    }

    @Test
    void aClientThatDoesNotTakeItsReplyIsCut() throws IOException {
        try (var socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
            socket.getOutputStream().write("GET /much HTTP/1.1\r\nHost: a\r\n\r\n".getBytes());
            org.awaitility.Awaitility.await().until(() -> server.connections() >= 1);
            int before = server.connections();
            org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(6)).until(() -> server.connections() < before);
        }
    }

    @Test
    void aSlowHandlerIsNotMistakenForASlowClient() throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals("ok", wire.reply().body());
        }
    }

    @Test
    void aSteadyBodySlowerThanOneReadIsTaken() throws Exception {
        try (var wire = new Wire(server.port())) {
            wire.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10240\r\n\r\n");
            for (int i = 0; i < 10; i++) {
                wire.send("x".repeat(1024));
                Thread.sleep(100);
            }
            assertEquals(10240, wire.reply().body().length());
        }
    }
}
