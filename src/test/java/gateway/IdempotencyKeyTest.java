package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.store.Database;
import gateway.store.Store;

/** {@code Idempotency-Key} as a client meets it: over HTTP, on the real program. */
class IdempotencyKeyTest {
    private static final String TOKEN = "5f0c8a17d3e94b62a1c7f08e2d6b935c";

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
            assertEquals(
                    "IDEMPOTENCY_KEY_REUSED", Program.json(other).path("code").textValue());
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
        try (var program = paired();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var ids = IntStream.range(0, 20)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return id(send(program, "order-2", "hello"));
                                } catch (Exception e) {
                                    throw new IllegalStateException(e);
                                }
                            },
                            threads))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .distinct()
                    .toList();
            assertEquals(1, ids.size());
            await().untilAsserted(() -> assertEquals(ids, taken()));
        }
    }

    /** The configured token is called WHATSAPP_SECRET. */
    @Test
    void aUserWhoIsCalledAsATokenIsHasKeysOfItsOwn() throws Exception {
        var environment = Map.of(
                "APP_BASIC_AUTH",
                "admin:" + Program.PASSWORD + ",WHATSAPP_SECRET:" + Program.PASSWORD,
                "WHATSAPP_SECRET",
                TOKEN);
        try (var program = paired(environment)) {
            var user = Base64.getEncoder()
                    .encodeToString(("WHATSAPP_SECRET:" + Program.PASSWORD).getBytes(StandardCharsets.UTF_8));
            var byUser = id(send(program, "Basic " + user, "order-3", "hello"));
            var byToken = id(send(program, "Bearer " + TOKEN, "order-3", "hello"));
            assertNotEquals(byUser, byToken);
            assertEquals(byUser, id(send(program, "Basic " + user, "order-3", "hello")));
            assertEquals(byToken, id(send(program, "Bearer " + TOKEN, "order-3", "hello")));
        }
    }

    private Program paired() throws Exception {
        return paired(Map.of());
    }

    private Program paired(Map<String, String> environment) throws Exception {
        var program = Program.rest(folder, environment);
        assertEquals(200, program.get("/app/login").statusCode());
        assertEquals(200, program.post("/sandbox/pair", "{}").statusCode());
        return program;
    }

    private static HttpResponse<String> send(Program program, String credential, String key, String text)
            throws Exception {
        return program.send(HttpRequest.newBuilder(URI.create(program.url() + "/send/message"))
                .header("Authorization", credential)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"phone\":\"6281234567890\",\"message\":\"" + text + "\"}")));
    }

    private static HttpResponse<String> send(Program program, String key, String text) throws Exception {
        return program.send(program.request("/send/message")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"phone\":\"6281234567890\",\"message\":\"" + text + "\"}")));
    }

    private static String id(HttpResponse<String> reply) throws Exception {
        assertEquals(200, reply.statusCode(), reply.body());
        return Program.json(reply).at("/results/message_id").textValue();
    }

    /** The ids of what WhatsApp took. */
    private List<String> taken() {
        try (var store = Store.open(new Database.Sqlite(folder.resolve("storages/whatsapp.db")))) {
            return store.all(row -> row.text(1), "SELECT wire_id FROM sandbox_ledger");
        }
    }
}
