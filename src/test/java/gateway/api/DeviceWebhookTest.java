package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An account's own webhook, by the names of fields that clients of the original send. */
class DeviceWebhookTest {
    private static final String SECRET = "4f1c7a0d9b2e48f6a3c5d7e9f1b3a5c7";
    private static final String URL = "https://example.com/hook";

    @TempDir
    Path directory;

    private ApiRig rig;

    @BeforeEach
    void open() {
        rig = new ApiRig(directory);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private static ObjectNode asked() {
        return ApiRig.object()
                .put("device_id", "shop")
                .put("webhook_url", URL + "?key=hunter2")
                .put("webhook_secret", SECRET)
                .put("webhook_events", "message, message.ack")
                .put("webhook_insecure_skip_verify", false);
    }

    private ApiRig.Reply patch(ObjectNode body) {
        return rig.send(rig.request("/devices/shop/webhook")
                .header("Content-Type", "application/json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    private String stored(String column) {
        return rig.store
                .one(row -> row.text(1), "SELECT " + column + " FROM webhook_endpoint")
                .orElse("");
    }

    /** One receiver for all, which tells the accounts apart by the device_id of what it gets. */
    @Test
    void severalDevicesAreMadeWithOneReceiver() {
        assertEquals(200, rig.post("/devices", asked()).status());
        assertEquals(
                200, rig.post("/devices", asked().put("device_id", "bakery")).status());
        assertEquals(2, rig.store.number("SELECT count(DISTINCT device) FROM webhook_endpoint WHERE id LIKE 'dev_%'"));
    }

    @Test
    void aDeviceIsMadeWithItsWebhookWhichIsShownWithoutItsSecret() {
        assertEquals(200, rig.post("/devices", asked()).status());
        assertEquals("shop", stored("device"));
        assertEquals(URL + "?key=hunter2", stored("url"));
        assertEquals("v8", stored("dialect"));
        var shown = rig.get("/devices/shop/webhook");
        assertEquals(URL + "?********", shown.results().path("webhook_url").asText());
        assertEquals("********", shown.results().path("webhook_secret").asText());
        assertEquals(
                "message,message.ack", shown.results().path("webhook_events").asText());
        var text = new String(shown.body(), StandardCharsets.UTF_8);
        assertFalse(text.contains(SECRET) || text.contains("hunter2"), text);
        assertEquals(
                "",
                rig.get("/devices/" + ApiRig.DEVICE + "/webhook")
                        .results()
                        .path("webhook_url")
                        .asText());
    }

    @Test
    void whatWasShownComesBackWithoutAChangeAndWhatIsGivenChanges() {
        rig.post("/devices", asked());
        var before = rig.get("/devices/shop/webhook").results();
        assertEquals(200, patch((ObjectNode) before.deepCopy()).status());
        assertEquals(before, rig.get("/devices/shop/webhook").results());
        assertEquals(URL + "?key=hunter2", stored("url"));
        assertEquals(
                200,
                patch(ApiRig.object().put("webhook_url", "https://example.org/").put("webhook_events", ""))
                        .status());
        assertEquals("https://example.org/", stored("url"));
        assertEquals("", stored("events"));
        assertEquals(
                before.path("secret_fingerprint"),
                rig.get("/devices/shop/webhook").results().path("secret_fingerprint"));
        assertEquals(1, rig.store.number("SELECT count(*) FROM webhook_endpoint"));
    }

    @Test
    void anEmptyAddressOrTheDevicesRemovalRemovesIt() {
        rig.post("/devices", asked());
        assertEquals(200, patch(ApiRig.object().put("webhook_url", "")).status());
        assertEquals(0, rig.store.number("SELECT count(*) FROM webhook_endpoint"));
        assertEquals(
                200,
                patch(ApiRig.object().put("webhook_url", URL).put("webhook_secret", SECRET))
                        .status());
        assertEquals(200, rig.delete("/devices/shop").status());
        assertEquals(0, rig.store.number("SELECT count(*) FROM webhook_endpoint"));
    }

    @ParameterizedTest
    @CsvSource({
        "webhook_url,http://127.0.0.1/",
        "webhook_url,",
        "webhook_secret,short",
        "webhook_secret,",
        "webhook_events,message.nonsense",
        "webhook_insecure_skip_verify,true"
    })
    void aBadFieldIsRefusedByItsNameAndNoDeviceIsMade(String field, String value) {
        var body = asked();
        if (value == null) {
            body.remove(field);
        } else if (field.equals("webhook_insecure_skip_verify")) {
            body.put(field, true);
        } else {
            body.put(field, value);
        }
        var reply = rig.post("/devices", body);
        assertEquals(400, reply.status(), reply.message());
        assertTrue(reply.message().startsWith(field + ": "), reply.message());
        assertEquals(404, rig.get("/devices/shop").status());
        assertEquals(0, rig.store.number("SELECT count(*) FROM webhook_endpoint"));
    }
}
