package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.engine.Event;
import gateway.engine.Inlet;
import gateway.engine.Jid;
import gateway.engine.ToldEngine;

/** An engine that WhatsApp calls hears of what happens, and nobody else can tell it. */
class InletTest {
    private static final String ID = "wamid.1";

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private ApiRig rig;

    @BeforeEach
    void open() {
        rig = new RigSetup(directory).usual(ToldEngine.NAME).start();
        rig.told().pair(ApiRig.DEVICE, Jid.ofPhone("12025550177"));
    }

    @AfterEach
    void close() {
        rig.close();
        client.close();
    }

    private HttpResponse<String> call(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + rig.port() + path));
    }

    private HttpRequest.Builder signed(String engine) {
        return to("/engine/" + engine + "/webhook").header("X-Signature", ToldEngine.SIGNATURE);
    }

    private HttpRequest.Builder signed() {
        return signed(ToldEngine.NAME);
    }

    private static HttpRequest.BodyPublisher telling(String device, String words) {
        return BodyPublishers.ofString(device + " " + ID + " " + words);
    }

    private List<String> ids() {
        return rig.happened.stream()
                .filter(Event.Message.class::isInstance)
                .map(event -> ((Event.Message) event).id())
                .toList();
    }

    @Test
    void whatIsToldIsOnDiskBeforeItIsAnswered() throws Exception {
        assertEquals(200, call(signed().POST(telling(ApiRig.DEVICE, "hello"))).statusCode());
        assertEquals(List.of(ID), ids());
        assertEquals(1, rig.store.number("SELECT count(*) FROM message WHERE id = ?", ID));
    }

    @Test
    void theSameTwiceIsKeptOnce() throws Exception {
        call(signed().POST(telling(ApiRig.DEVICE, "hello")));
        assertEquals(200, call(signed().POST(telling(ApiRig.DEVICE, "hello"))).statusCode());
        assertEquals(List.of(ID), ids());
    }

    @Test
    void aQuestionHasItsChallengeSaidBackAsText() throws Exception {
        var reply = call(to("/engine/told/webhook?challenge=%3Cb%3E&challenge=second")
                .header("X-Signature", ToldEngine.SIGNATURE)
                .GET());
        assertEquals("<b>", reply.body());
        assertEquals(
                "text/plain; charset=utf-8",
                reply.headers().firstValue("Content-Type").orElseThrow());
    }

    @Test
    void whoDoesNotSignIsRefusedAndNothingIsKept() throws Exception {
        assertEquals(
                403,
                call(to("/engine/told/webhook").POST(telling(ApiRig.DEVICE, "forged")))
                        .statusCode());
        assertEquals(403, call(to("/engine/told/webhook?challenge=me").GET()).statusCode());
        assertEquals(List.of(), ids());
    }

    @Test
    void whatCannotBeKeptIsToldAgainLater() throws Exception {
        var reply = call(signed().POST(telling("nobody", "lost?")));
        assertEquals(503, reply.statusCode());
        assertEquals("5", reply.headers().firstValue("Retry-After").orElseThrow());
    }

    @Test
    void aBodyThatIsTooLongIsRefused() throws Exception {
        var reply = call(signed().POST(telling(ApiRig.DEVICE, "x".repeat(Inlet.MAX_BODY))));
        assertEquals(413, reply.statusCode());
        assertEquals(List.of(), ids());
    }

    @Test
    void anEngineThatIsNotCalledHasNoSuchPath() throws Exception {
        for (var engine : List.of("sandbox", "nobodys", "%2e%2e", "told%00")) {
            var reply = call(signed(engine).POST(telling(ApiRig.DEVICE, "hello")));
            assertFalse(reply.statusCode() < 400 || reply.statusCode() >= 500, engine + ": " + reply.statusCode());
        }
        assertEquals(404, call(to("/engine/told").GET()).statusCode());
        assertEquals(List.of(), ids());
    }
}
