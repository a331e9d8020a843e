package gateway.http.hardened;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import gateway.api.Api;
import gateway.budget.BudgetMetrics;
import gateway.budget.MemoryBudget;
import gateway.budget.Share;
import gateway.http.Allowance;

/** A request for which the process has no memory is told to come back, whichever part of the server noticed. */
class MemoryGoneTest {
    private static void assertToldToComeBack(HardenedServer.Builder server) throws IOException {
        try (var started = server.routes(rules -> rules.get("/large", (request, response) -> {
                                    throw new OutOfMemoryError("no more");
                                })
                                .get("/small", (request, response) -> response.send("ok")))
                        .start();
                var wire = new Wire(started.port())) {
            var reply = wire.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n").reply();
            assertEquals(503, reply.status(), reply.body());
            assertEquals(Optional.of("2"), reply.header("Retry-After"));
            assertEquals(
                    200,
                    wire.send("GET /small HTTP/1.1\r\nHost: a\r\n\r\n").reply().status(),
                    "the connection is kept");
        }
    }

    @Test
    void byTheBudgetsListener() throws IOException {
        var budget = new MemoryBudget(1 << 20, () -> false, BudgetMetrics.NONE);
        assertToldToComeBack(HardenedServer.builder("test").filter(new Allowance(budget)));
        assertEquals(0, budget.used());
    }

    @Test
    void aRefusalRightBehindAnotherIsHeldBackWithoutMemory() throws IOException {
        var budget = new MemoryBudget(1 << 20, () -> false, BudgetMetrics.NONE);
        try (var started = HardenedServer.builder("test")
                        .translating(Api::problem)
                        .filter(new Allowance(budget))
                        .routes(rules -> rules.get("/large", (request, response) -> {
                            Share.current().take(1 << 30);
                        }))
                        .start();
                var wire = new Wire(started.port())) {
            var ask = "GET /large HTTP/1.1\r\nHost: a\r\n\r\n";
            long began = System.nanoTime();
            for (int i = 0; i < 4; i++) {
                assertEquals(503, wire.send(ask).reply().status());
                assertEquals(0, budget.used());
            }
            // A lower bound: a slow machine takes longer.
            assertTrue(System.nanoTime() - began >= 300_000_000L);
        }
    }

    @Test
    void byAListenerWithoutABudget() throws IOException {
        assertToldToComeBack(HardenedServer.builder("test"));
    }

    @Test
    void byTheRestApi() throws IOException {
        assertToldToComeBack(HardenedServer.builder("test").translating(Api::problem));
    }
}
