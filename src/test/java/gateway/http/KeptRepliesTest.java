package gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import io.helidon.webserver.WebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A list is made anew after each transaction and after a second, and only then. */
class KeptRepliesTest {
    private final AtomicReference<OptionalLong> state = new AtomicReference<>(OptionalLong.of(7));
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong made = new AtomicLong();
    private final KeptReplies kept = new KeptReplies(state::get, nanos::get);
    /** Characters of the list's only text. */
    private volatile int length = 10;

    private volatile KeptReplies.Tag tag = new KeptReplies.Tag.OfBody();

    private volatile Runnable whileMade = () -> {};

    private final WebServer server = WebServer.builder()
            .port(0)
            .shutdownHook(false)
            .routing(routing -> routing.get("/list/{account}", (request, response) -> {
                        kept.answer(
                                request,
                                response,
                                request.path().pathParameters().get("account"),
                                () -> {
                                    whileMade.run();
                                    long number = made.incrementAndGet();
                                    return Optional.of(new KeptReplies.Made(
                                            "Success",
                                            json -> json.writeString(number + ":" + "x".repeat(length)),
                                            Optional.of("<?before=1>; rel=\"next\""),
                                            tag));
                                });
                    })
                    .get(
                            "/gone",
                            (request, response) -> kept.answer(request, response, "a", () -> {
                                made.incrementAndGet();
                                throw Problem.notFound("There is none.");
                            }))
                    .error(
                            Problem.class,
                            (request, response, problem) ->
                                    response.status(problem.status()).send()))
            .build()
            .start();
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        client.close();
        server.stop();
    }

    private HttpResponse<String> ask(String path, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(Duration.ofSeconds(20));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String tag(HttpResponse<String> reply) {
        return reply.headers().firstValue("ETag").orElse("none");
    }

    @Test
    void theSameQuestionIsAnsweredWithTheSameReply() throws Exception {
        var first = ask("/list/a?limit=1");
        var again = ask("/list/a?limit=1");
        assertEquals(1, made.get());
        assertEquals(first.body(), again.body());
        for (var name : new String[] {"Content-Type", "Link", "ETag"}) {
            assertTrue(first.headers().firstValue(name).isPresent(), name);
            assertEquals(first.headers().firstValue(name), again.headers().firstValue(name), name);
        }
        var known = ask("/list/a?limit=1", "If-None-Match", tag(first));
        assertEquals(304, known.statusCode());
        assertEquals(tag(first), tag(known));
        assertEquals(200, ask("/list/a?limit=1", "If-None-Match", "\"other\"").statusCode());
        assertEquals(1, made.get());
    }

    @Test
    void anotherAccountOrQuestionHasItsOwn() throws Exception {
        var first = ask("/list/a?limit=1").body();
        for (var other : new String[] {"/list/b?limit=1", "/list/a?limit=2", "/list/a", "/list/a?limit=1&x=y"}) {
            assertNotEquals(first, ask(other).body(), other);
        }
        assertEquals(5, made.get());
    }

    @Test
    void afterATransactionItIsMadeAnew() throws Exception {
        var first = ask("/list/a").body();
        state.set(OptionalLong.of(8));
        assertNotEquals(first, ask("/list/a").body());
        assertEquals(2, made.get());
    }

    /** What was read before the transaction is not shown after it, although it was made after it. */
    @Test
    void aTransactionWhileTheListIsMadeEndsItsMoment() throws Exception {
        whileMade = () -> state.set(OptionalLong.of(8));
        ask("/list/a");
        whileMade = () -> {};
        ask("/list/a");
        assertEquals(2, made.get());
    }

    @Test
    void afterASecondItIsMadeAnew() throws Exception {
        ask("/list/a");
        nanos.set(1_000_000_000L);
        ask("/list/a");
        assertEquals(1, made.get());
        nanos.set(1_000_000_001L);
        ask("/list/a");
        assertEquals(2, made.get());
    }

    @Test
    void whereOtherNodesWriteNothingIsKept() throws Exception {
        state.set(OptionalLong.empty());
        ask("/list/a");
        ask("/list/a");
        assertEquals(2, made.get());
    }

    @Test
    void aMebibyteIsKeptAndNoLongReply() throws Exception {
        length = 70_000;
        assertTrue(ask("/list/a").body().length() > 70_000);
        assertTrue(ask("/list/a").body().length() > 70_000);
        assertEquals(2, made.get());
        length = 60_000;
        for (int i = 0; i < 20; i++) {
            ask("/list/a?offset=" + i);
        }
        assertEquals(22, made.get());
        for (int i = 0; i < 20; i++) {
            ask("/list/a?offset=" + i);
        }
        assertEquals(25, made.get(), "seventeen of them are a mebibyte");
    }

    /** A short reply does not make room for long questions: whoever asks chooses their length. */
    @Test
    void aQuestionIsAPartOfTheMebibyte() throws Exception {
        var question = "/list/a?search=" + "x".repeat(3_000) + "&offset=";
        for (int i = 0; i < 200; i++) {
            ask(question + i);
        }
        ask(question + 0);
        assertEquals(200, made.get(), "the first is kept");
        ask(question + 199);
        assertEquals(201, made.get(), "the last is not kept");
    }

    @Test
    void aReplyWithoutATagHasNone() throws Exception {
        tag = new KeptReplies.Tag.None();
        ask("/list/a");
        var again = ask("/list/a", "If-None-Match", "*");
        assertEquals(200, again.statusCode());
        assertEquals("none", tag(again));
        assertEquals(1, made.get());
        tag = new KeptReplies.Tag.Known("\"mine\"");
        assertEquals("\"mine\"", tag(ask("/list/b")));
        assertEquals("\"mine\"", tag(ask("/list/b")));
    }

    @Test
    void aRefusalIsNotKept() throws Exception {
        assertEquals(404, ask("/gone").statusCode());
        assertEquals(404, ask("/gone").statusCode());
        assertEquals(2, made.get());
    }
}
