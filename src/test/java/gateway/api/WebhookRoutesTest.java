package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.webserver.WebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import gateway.api.request.Bodies;
import gateway.engine.MediaFiles;
import gateway.http.Envelope;
import gateway.http.Problem;
import gateway.outbound.AddressRules;
import gateway.secret.Seals;
import gateway.store.Database;
import gateway.store.Store;
import gateway.webhook.DeliveryBook;
import gateway.webhook.EndpointBook;
import gateway.webhook.SecretPolicy;
import gateway.webhook.payload.Account;

class WebhookRoutesTest {
    private static final String SECRET = "4f1c7a0d9b2e48f6a3c5d7e9f1b3a5c7";
    private static final String GOOD = "{\"url\":\"https://example.com/hook\",\"secret\":\"" + SECRET
            + "\",\"events\":[\"message\"],\"ignore\":[\"@g.us\"]}";

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private Store store;
    private WebServer server;

    @BeforeEach
    void start() {
        store = Store.open(new Database.Sqlite(directory.resolve("whatsapp.db")));
        store.write(tx -> tx.insert("INSERT INTO device (id, created_at) VALUES ('main', 1)"));
        var clock = InstantSource.system();
        var endpoints = EndpointBook.beside(
                store, Seals.of(store, directory), AddressRules.strict(), SecretPolicy.PRODUCTION, List.of(), clock);
        var routes = new WebhookRoutes(
                new Bodies("", true, new MediaFiles(directory.resolve("media"))),
                endpoints,
                new DeliveryBook(store, clock, () -> {}),
                new Account("main", Optional.empty()));
        server = WebServer.builder()
                .host("127.0.0.1")
                .port(0)
                .routing(routing -> routing.error(
                                Problem.class,
                                (request, response, problem) -> Envelope.reply(
                                        response, problem.status(), problem.code(), problem.getMessage(), null))
                        .register("/webhooks", routes))
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        server.stop();
        store.close();
        client.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|BAD_REQUEST|object",
                "{|BAD_REQUEST|not valid JSON",
                "{\"url\":1}|VALIDATION_ERROR|url:",
                "{\"nonsense\":1}|VALIDATION_ERROR|secret: cannot be blank; url: cannot be blank; nonsense: is not a field of this operation, which has url, secret,",
                "{\"url\":\"https://example.com/\"}|VALIDATION_ERROR|secret:",
                "{\"url\":\"http://127.0.0.1/\",\"secret\":\"0123456789abcdef\"}|VALIDATION_ERROR|url:",
                "{\"url\":\"https://example.com/\",\"secret\":\"0123456789abcdef0123456789abcdef\"}|VALIDATION_ERROR|secret: is one that a document prints",
                "{\"url\":\"ftp://a\",\"secret\":\"short\",\"events\":[\"mesage\"],\"ignore\":[\"x\"],\"dialect\":\"v6\",\"device\":\"none\",\"enabled\":\"yes\"}|VALIDATION_ERROR|device: names no account; dialect: must be one of v7, v8; enabled: must be true or false; events: has a name",
                "{\"events\":\"message\"}|VALIDATION_ERROR|events:",
                "{\"enabled\":\"yes\"}|VALIDATION_ERROR|enabled:"
            })
    void aBadBodyIsRefusedWithItsFieldAndNothingIsStored(String body, String code, String word) throws Exception {
        var reply = send("POST", "/webhooks", body);
        assertEquals(400, reply.statusCode());
        assertEquals(code, json(reply).path("code").asText());
        assertTrue(reply.body().contains(word), reply.body());
        assertEquals(0, store.number("SELECT count(*) FROM webhook_endpoint"));
    }

    @Test
    void aReplyDoesNotShowTheUrlsQueryAndWhatItShowsDoesNotReplaceIt() throws Exception {
        var made = json(send(
                        "POST",
                        "/webhooks",
                        "{\"url\":\"https://example.com/hook?key=hunter2\",\"secret\":\"" + SECRET + "\"}"))
                .path("results");
        var shown = "https://example.com/hook?********";
        assertEquals(shown, made.path("url").textValue());
        var path = "/webhooks/" + made.path("id").textValue();
        assertEquals(200, send("PATCH", path, "{\"url\":\"" + shown + "\"}").statusCode());
        assertEquals(
                400,
                send("PATCH", path, "{\"url\":\"https://other.example/?********\"}")
                        .statusCode());
        assertEquals(
                "https://example.com/hook?key=hunter2",
                store.one(row -> row.text(1), "SELECT url FROM webhook_endpoint")
                        .orElseThrow());
    }

    @Test
    void theSameReceiverIsToldTwiceOnlyWhenThatIsMeant() throws Exception {
        assertEquals(200, send("POST", "/webhooks", GOOD).statusCode());
        var again = send("POST", "/webhooks", GOOD);
        assertEquals(409, again.statusCode());
        assertTrue(again.body().contains("allow_duplicate"), again.body());
        assertEquals(1, store.number("SELECT count(*) FROM webhook_endpoint"));
        // Other events of the same receiver are not told twice.
        assertEquals(
                200,
                send("POST", "/webhooks", GOOD.replace("[\"message\"]", "[\"message.ack\"]"))
                        .statusCode());
        assertEquals(
                200,
                send("POST", "/webhooks", GOOD.replace("{\"url\"", "{\"allow_duplicate\":true,\"url\""))
                        .statusCode());
    }

    @Test
    void anEndpointThatWasGivenUpIsNotCalledEnabled() throws Exception {
        var id = json(send("POST", "/webhooks", GOOD)).at("/results/id").asText();
        store.write(tx -> tx.insert(
                "INSERT INTO webhook_health (endpoint, disabled_at, disabled_why) VALUES (?, 1, 'the receiver answered 410 Gone')",
                id));
        var shown = json(send("GET", "/webhooks/" + id, "")).path("results");
        assertFalse(shown.path("enabled").asBoolean(true));
        assertEquals(
                "the receiver answered 410 Gone", shown.path("disabled_why").asText());
        assertTrue(json(send("PATCH", "/webhooks/" + id, "{\"enabled\":true}"))
                .at("/results/enabled")
                .asBoolean());
    }

    @Test
    void aNumberBeyondAllDeliveriesIsTheLargest() throws Exception {
        assertEquals(
                200,
                send("GET", "/webhooks/deliveries?before=9999999999999999999", "")
                        .statusCode());
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        assertEquals(404, send("GET", "/webhooks/ep_none", "").statusCode());
        assertEquals(404, send("DELETE", "/webhooks/ep_none", "").statusCode());
        assertEquals(404, send("POST", "/webhooks/ep_none/test", "").statusCode());
        assertEquals(404, send("POST", "/webhooks/deliveries/7/replay", "").statusCode());
        assertEquals(404, send("POST", "/webhooks/deliveries/x/replay", "").statusCode());
    }

    @Test
    void aSelectionThatMakesNoSenseIsRefused() throws Exception {
        assertEquals(400, send("POST", "/webhooks/replay", "").statusCode());
        assertEquals(400, send("POST", "/webhooks/replay?since=yesterday", "").statusCode());
        assertEquals(400, send("GET", "/webhooks/deliveries?status=lost", "").statusCode());
        assertEquals(400, send("GET", "/webhooks/deliveries?limit=0", "").statusCode());
        assertEquals(400, send("GET", "/webhooks/deliveries?before=x", "").statusCode());
    }

    @Test
    void anEndpointIsAddedChangedAndRemovedAndNoReplyHoldsItsSecret() throws Exception {
        var added = send("POST", "/webhooks", GOOD);
        var id = json(added).at("/results/id").asText();
        assertFalse(added.body().contains(SECRET));
        assertEquals(12, json(added).at("/results/secret_fingerprint").asText().length());
        var changed = send(
                "PATCH",
                "/webhooks/" + id,
                "{\"secret\":\"another-secret-of-these-38-characters\",\"dialect\":\"v8\"}");
        assertEquals("v8", json(changed).at("/results/dialect").asText());
        assertEquals("message", json(changed).at("/results/events/0").asText());
        assertTrue(json(changed).at("/results/previous_secret_until").isTextual());
        assertFalse(changed.body().contains("another-secret"));
        assertEquals(1, json(send("GET", "/webhooks", "")).at("/results/data").size());
        assertEquals(200, send("DELETE", "/webhooks/" + id, "").statusCode());
        assertEquals(0, json(send("GET", "/webhooks", "")).at("/results/data").size());
    }

    @Test
    void aTestEventInTheNameOfARemovedAccountIsAConflict() throws Exception {
        var id = json(send("POST", "/webhooks", GOOD)).at("/results/id").asText();
        store.write(tx -> tx.delete("DELETE FROM device WHERE id = 'main'"));
        var reply = send("POST", "/webhooks/" + id + "/test", "");
        assertEquals(409, reply.statusCode());
        assertTrue(reply.body().contains("the account main, which was removed"), reply.body());
        assertEquals(0, store.number("SELECT count(*) FROM event"));
    }

    @Test
    void deliveriesAreListedInPagesAndSentAgain() throws Exception {
        var id = json(send("POST", "/webhooks", GOOD)).at("/results/id").asText();
        for (int i = 0; i < 3; i++) {
            send("POST", "/webhooks/" + id + "/test", "");
        }
        store.write(tx -> tx.update("UPDATE delivery SET state = 2, last_status = 500, finished_at = 5"));
        var page = json(send("GET", "/webhooks/deliveries?limit=2&status=dead", ""));
        assertEquals(2, page.at("/results/data").size());
        var rest = json(send(
                "GET",
                "/webhooks/deliveries?limit=2&before="
                        + page.at("/results/next_before").asLong(),
                ""));
        assertEquals(1, rest.at("/results/data").size());
        assertEquals(0, rest.at("/results/next_before").asLong());
        var seq = page.at("/results/data/0/delivery").asLong();
        assertEquals(
                200, send("POST", "/webhooks/deliveries/" + seq + "/replay", "").statusCode());
        assertEquals(
                2,
                json(send("POST", "/webhooks/replay?status=dead", ""))
                        .at("/results/replayed")
                        .asLong());
        assertEquals(3, store.number("SELECT count(*) FROM delivery WHERE state = 0 AND attempts = 0"));
    }

    @Test
    void whatIsSetAsideIsListedWithItsReasonAndSentAgain() throws Exception {
        var id = json(send("POST", "/webhooks", GOOD)).at("/results/id").asText();
        send("POST", "/webhooks/" + id + "/test", "");
        store.write(tx -> tx.update("UPDATE delivery SET state = 3, aside_at = 5, aside_why = 'it is damaged'"));
        var shown = json(send("GET", "/webhooks/deliveries?status=aside", "")).at("/results/data/0");
        assertEquals("aside", shown.path("status").asText());
        assertEquals("it is damaged", shown.path("aside_why").asText());
        assertEquals("1970-01-01T00:00:00.005Z", shown.path("aside_at").asText());
        assertEquals(
                1,
                json(send("POST", "/webhooks/replay?status=aside", ""))
                        .at("/results/replayed")
                        .asLong());
        assertEquals(1, store.number("SELECT count(*) FROM delivery WHERE state = 0 AND aside_why = ''"));
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> reply) throws Exception {
        return Envelope.JSON.readTree(reply.body());
    }
}
