package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import gateway.store.Database;
import gateway.store.Store;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code Idempotency-Key} as a client meets it: over HTTP, on the real program. */
class IdempotencyKeyTest {
    @TempDir
    Path folder;

    @Test
    void aKeyStandsForOneRequestHoweverOftenAndWheneverItIsAsked() throws Exception {
        String first;
        try (var program = paired()) {
            assertEquals(400, send(program, "a key", "hello").statusCode());
            assertEquals(400, send(program, "k".repeat(256), "hello").statusCode());
            first = id(send(program, "order-1", "hello"));
            var other = send(program, "order-1", "something else");
            assertEquals(422, other.statusCode());
            assertEquals("IDEMPOTENCY_KEY_REUSED", Program.json(other).path("code").textValue());
            assertEquals(first, id(send(program, "order-1", "hello")));
            program.kill();
        }
        try (var program = Program.rest(folder, Map.of())) {
            assertEquals(first, id(send(program, "order-1", "hello")), "after a crash as well");
            assertEquals(422, send(program, "order-1", "something else").statusCode());
        }
        assertEquals(List.of(first), taken());
    }

    @Test
    void manyRequestsAtOnceUnderOneKeyAreOneMessage() throws Exception {
        try (var program = paired(); var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var ids = IntStream.range(0, 20).mapToObj(i -> CompletableFuture.supplyAsync(() -> {
                try {
                    return id(send(program, "order-2", "hello"));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }, threads)).toList().stream().map(CompletableFuture::join).distinct().toList();
            assertEquals(1, ids.size());
            await().untilAsserted(() -> assertEquals(ids, taken()));
        }
    }

    private Program paired() throws Exception {
        var program = Program.rest(folder, Map.of());
        assertEquals(200, program.get("/app/login").statusCode());
        assertEquals(200, program.post("/sandbox/pair", "{}").statusCode());
        return program;
    }

    private static HttpResponse<String> send(Program program, String key, String text) throws Exception {
        return program.send(program.request("/send/message").header("Content-Type", "application/json").header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString("{\"phone\":\"6281234567890\",\"message\":\"" + text + "\"}")));
    }

    private static String id(HttpResponse<String> reply) throws Exception {
        assertEquals(200, reply.statusCode(), reply.body());
        return Program.json(reply).at("/results/message_id").textValue();
    }

    /** The ids of what WhatsApp took. */
    private List<String> taken() {
        try (var store = Store.open(new Database.Sqlite(folder.resolve("storages/whatsapp.db")))) {
            return store.all(row -> row.column(1).get(String.class), "SELECT wire_id FROM sandbox_ledger");
        }
    }
}
