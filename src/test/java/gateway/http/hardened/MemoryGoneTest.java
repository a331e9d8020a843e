package gateway.http.hardened;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import gateway.api.Api;
import gateway.budget.BudgetMetrics;
import gateway.budget.MemoryBudget;
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
    void byAListenerWithoutABudget() throws IOException {
        assertToldToComeBack(HardenedServer.builder("test"));
    }

    @Test
    void byTheRestApi() throws IOException {
        assertToldToComeBack(HardenedServer.builder("test").translating(Api::problem));
    }
}
