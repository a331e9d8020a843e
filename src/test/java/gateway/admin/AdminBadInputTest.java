package gateway.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input: the documented error, the field by its name, and nothing half-made. */
class AdminBadInputTest {
    @TempDir
    Path folder;

    private AdminRig rig;

    @BeforeEach
    void start() throws Exception {
        rig = new AdminRig(
                Files.createDirectory(folder.resolve("instances")),
                Map.of("APP_PROFILE", "production", "WHATSAPP_ENGINE", "sandbox"));
    }

    @AfterEach
    void nothingIsHalfMade() throws Exception {
        rig.close();
        try (var left = Files.list(folder.resolve("instances"))) {
            assertTrue(
                    left.allMatch(path -> path.getFileName().toString().matches("3001|removed|\\.sealing")),
                    "leftovers");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"port\":null}",
                "{\"port\":0}",
                "{\"port\":80}",
                "{\"port\":1023}",
                "{\"port\":65536}",
                "{\"port\":-1}",
                "{\"port\":3001.5}",
                "{\"port\":\"3001\"}",
                "{\"port\":99999999999999999999}",
                "{\"port\":[3001]}",
                "{\"port\":60000}"
            })
    void aPortOutOfRangeIs400(String body) {
        var reply = rig.post(body);
        assertEquals(400, reply.status());
        assertEquals("invalid_port", reply.error());
        assertTrue(reply.message().startsWith("port: "), reply.message());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "0", "99999", "3001x", "-1", "%33001%0a"})
    void aPathWithoutAPortIs400(String port) {
        for (var reply : List.of(rig.get("/admin/instances/" + port), rig.delete("/admin/instances/" + port))) {
            assertEquals(400, reply.status());
            assertEquals("invalid_port", reply.error());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "instances/3001;x",
                "instances;x/3001",
                "x/..;/instances/3001",
                "instances/3001%3Bx",
                "x/%2e%2e/instances/3001"
            })
    void anAddressThatOnlyResemblesAnInstancesRemovesNothing(String path) {
        rig.post("{\"port\":3001}");
        var reply = rig.delete("/admin/" + path);
        assertEquals(400, reply.status());
        assertFalse(reply.message().isEmpty());
        assertEquals(200, rig.get("/admin/instances/3001").status());
    }

    @Test
    void aReservedPortIs400AlsoWhenItIsOnlyTheMetrics() {
        assertEquals(
                "invalid_port", rig.post("{\"port\":" + AdminRig.RESERVED + "}").error());
        var metrics = rig.post("{\"port\":" + (AdminRig.RESERVED - 10_000) + "}");
        assertEquals("invalid_port", metrics.error());
        assertTrue(metrics.message().contains("reserved"), metrics.message());
    }

    @Test
    void aTakenPortIs409() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var reply = rig.post("{\"port\":" + other.getLocalPort() + "}");
            assertEquals(409, reply.status());
            assertEquals("port_in_use", reply.error());
        }
        rig.post("{\"port\":3001}");
        assertEquals("instance_exists", rig.post("{\"port\":3001}").error());
        assertEquals("port_in_use", rig.post("{\"port\":13001}").error(), "another instance's metrics are there");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\n", "\\r", "\\u0000", "\\u2028", "'", "\\\"", "`", "%", ";", "\\\\", "\\ud800"})
    void aValueThatCouldEndALineOrAQuoteIsRefusedByItsField(String character) {
        for (var field : List.of("os", "auto_reply", "base_path", "basic_auth", "webhook", "webhook_secret")) {
            var reply = rig.post("{\"port\":3001,\"" + field + "\":\"before" + character + "APP_HOST=0.0.0.0\"}");
            assertEquals(400, reply.status());
            assertTrue(reply.message().startsWith(field + ": "), reply.message());
            assertFalse(reply.message().contains("APP_HOST"), "the value is not repeated");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"port\":3001,\"debug\":\"true\"} | debug: must be true or false.",
                "{\"port\":3001,\"os\":5} | os: must be a string.",
                "{\"port\":3001,\"webhok\":\"https://a.example/\"} | webhok: is no field of an instance; did you mean webhook?",
                "{\"port\":3001,\"a\\nb;%\":1} | ab: is no field of an instance.",
                "{\"port\":3001,\"basic_auth\":\"\"} | basic_auth: cannot be empty; leave it out instead.",
                "{\"port\":3001,\"basic_auth\":\"user:password\"} | basic_auth: has a password of fewer than 20 characters for user user; "
                        + "use one made by `openssl rand -base64 32`.",
                "{\"port\":3001,\"webhook\":\"http://a.example/\"} | webhook: has an http:// URL, which would post messages in clear; use https://, "
                        + "or set WHATSAPP_WEBHOOK_ALLOW_HTTP=true for a receiver on this machine.",
                "{\"port\":3001,\"base_path\":\"no slash\"} | base_path: is \"no slash\", which is not a plain path; begin it with a slash, end it "
                        + "without one, and use letters, digits and - . _ ~ only: /gateway.",
            })
    void aWrongFieldIs400WithItsNameAndTheRemedy(String body, String sentence) {
        var reply = rig.post(body);
        assertEquals(400, reply.status());
        assertEquals("invalid_field", reply.error());
        assertEquals(sentence, reply.message());
    }

    @Test
    void aChangeIsHeldToTheSameRulesAndHasNoPort() throws Exception {
        rig.post("{\"port\":3001}");
        var before = rig.files.settings(3001);
        assertEquals(
                "port: cannot be changed; make another instance.",
                rig.patch(3001, "{\"port\":3002}").message());
        assertEquals(400, rig.patch(3001, "{\"os\":\"a\\nb\"}").status());
        assertEquals(400, rig.patch(3001, "{\"base_path\":\"no slash\"}").status());
        assertEquals(404, rig.patch(3005, "{\"os\":\"a\"}").status());
        assertEquals(before, rig.files.settings(3001));
        assertEquals(List.of("start 3001"), rig.supervisor.done, "nothing was stopped for it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[]", "3001", "{\"port\":3001,\"port\":3002}", "{\"port\":3001} x", "{'port':3001}"})
    void whatIsNoJsonObjectIs400(String body) {
        assertEquals("invalid_json", rig.post(body).error());
    }

    @Test
    void anotherTypeIs415() {
        var reply = rig.send(rig.request("/admin/instances")
                .setHeader("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{\"port\":3001}")));
        assertEquals(415, reply.status());
        assertEquals("unsupported_media_type", reply.error());
    }

    @Test
    void aBodyTooLargeIs413() {
        var reply = rig.post("{\"port\":3001,\"os\":\"" + "x".repeat((int) AdminApi.BODY_BYTES) + "\"}");
        assertEquals(413, reply.status());
        assertEquals("payload_too_large", reply.error());
    }

    @Test
    void anotherMethodIs405() {
        var reply = rig.send(rig.request("/admin/instances/3001").PUT(BodyPublishers.ofString("{}")));
        assertEquals(405, reply.status());
        assertEquals("method_not_allowed", reply.error());
    }

    @Test
    void ofTwoCreatesAtOnceOneIsMade() throws Exception {
        rig.supervisor.mayStart = new CountDownLatch(1);
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = pool.submit(() -> rig.post("{\"port\":3001}"));
            while (rig.supervisor.done.isEmpty()) {
                Thread.onSpinWait();
            }
            var second = rig.post("{\"port\":3001}");
            assertEquals(409, second.status());
            assertEquals("port_locked", second.error());
            assertEquals("port_locked", rig.delete("/admin/instances/3001").error());
            rig.supervisor.mayStart.countDown();
            assertEquals(201, first.get().status());
        }
        assertEquals(List.of("start 3001"), rig.supervisor.done);
    }

    @Test
    void aSupervisorThatCannotBeReachedIs503() throws Exception {
        rig.post("{\"port\":3001}");
        rig.supervisor.reachable = false;
        for (var reply : List.of(
                rig.post("{\"port\":3002}"),
                rig.get("/admin/instances"),
                rig.get("/admin/instances/3001"),
                rig.patch(3001, "{\"os\":\"Other\"}"),
                rig.delete("/admin/instances/3001"),
                rig.get("/readyz"))) {
            assertEquals(503, reply.status());
            assertEquals("supervisor_unreachable", reply.error());
        }
        var health = rig.get("/healthz");
        assertEquals(503, health.status());
        assertEquals("degraded", health.body().path("status").textValue());
        assertFalse(health.body().path("supervisor_healthy").booleanValue());
        assertEquals(List.of(3001), rig.files.ports());
        assertTrue(rig.counted.contains("supervisor error"));
    }

    @Test
    void aDiskThatIsFullLeavesEverythingAsItWas() throws Exception {
        rig.diskFull = true;
        var create = rig.post("{\"port\":3001}");
        assertEquals(500, create.status());
        assertEquals("creation_failed", create.error());
        assertTrue(create.message().contains("disk"), create.message());
        assertEquals(List.of(), rig.files.ports());
        rig.diskFull = false;
        rig.post("{\"port\":3001}");
        var before = rig.files.settings(3001);
        rig.diskFull = true;
        assertEquals("update_failed", rig.patch(3001, "{\"os\":\"Other\"}").error());
        assertEquals(before, rig.files.settings(3001));
        assertEquals(List.of("start 3001"), rig.supervisor.done, "it was not even stopped");
        try (var files = Files.list(rig.files.home(3001))) {
            assertEquals(
                    List.of(".env"),
                    files.map(path -> path.getFileName().toString()).toList());
        }
    }
}
