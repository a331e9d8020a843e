package gateway.hostile;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.awaitility.Awaitility;

import gateway.Program;

/** The program under test: what it must have for calls to reach their routes, and how everything it keeps is read. */
final class HostileServer {
    private final Program program;
    private final Dump.Source database;
    private final Path media;

    HostileServer(Program program, Dump.Source database, Path media) {
        this.program = program;
        this.database = database;
        this.media = media;
    }

    int port() throws Exception {
        return java.net.URI.create(program.url()).getPort();
    }

    Program program() {
        return program;
    }

    /** Where a reply of 500 came from, as the log says under its request's id; empty when it does not say. */
    String origin(RawReply reply) {
        var id = reply.header("x-request-id");
        var output = program.output();
        int at = id.isEmpty() ? -1 : output.lastIndexOf(id);
        int end = at < 0 ? -1 : output.indexOf('\n', at);
        return at < 0
                ? ""
                : output.substring(at + id.length(), end < 0 ? output.length() : end)
                        .replaceAll("  at (java|jdk|io\\.helidon)\\S*", "");
    }

    /** Credentials of everybody who has some. */
    Map<Caller, String> credentials() throws Exception {
        return Map.of(
                Caller.OWNER,
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(("admin:" + Program.PASSWORD).getBytes(StandardCharsets.UTF_8)),
                Caller.READER,
                "Bearer " + token("{\"note\":\"reader\",\"scopes\":\"read\"}"),
                Caller.OTHER_DEVICE,
                "Bearer " + token("{\"note\":\"other\",\"scopes\":\"read\",\"device\":\"second\"}"));
    }

    private String token(String json) throws Exception {
        return results(post("/tokens", json)).path("token").asText();
    }

    /** Makes everything anew that calls may speak of. */
    Known furnish() throws Exception {
        delete("/devices/default?force=true");
        restore();
        var group = results(post("/group", "{\"title\":\"Team\",\"participants\":[\"" + Known.ALICE + "\"]}"))
                .path("group_id")
                .asText();
        var message = results(post("/sandbox/inbound", "{\"from\":\"" + Known.ALICE + "\",\"message\":\"Hello\"}"))
                .path("message_id")
                .asText();
        quiet();
        return new Known(message, group);
    }

    /** Takes away what calls have made, and mends what they have broken. */
    void restore() throws Exception {
        removeAll("/webhooks", "id");
        for (var device : results(program.get("/devices"))) {
            var id = device.path("id").asText(device.path("device_id").asText());
            if (!id.equals("default")) {
                delete("/devices/" + java.net.URLEncoder.encode(id, StandardCharsets.UTF_8) + "?force=true");
            }
        }
        removeAll("/users", "name");
        for (var token : results(program.get("/tokens"))) {
            if (!token.path("note").asText().matches("reader|other")) {
                delete("/tokens/" + token.path("id").asText());
            }
        }
        post("/devices", "{\"device_id\":\"default\"}");
        post("/sandbox/ban", "{\"banned\":false}");
        post("/sandbox/fail", "{\"count\":0}");
        if (program.get("/user/my/privacy").statusCode() != 200) {
            program.get("/app/login");
            post("/sandbox/pair", "{}");
            program.get("/app/reconnect");
        }
        post("/sandbox/receipts", "{\"delivered_after_ms\":0,\"read_after_ms\":0}");
    }

    private void removeAll(String path, String key) throws Exception {
        var results = results(program.get(path));
        for (var item : results.isArray() ? results : results.path("data")) {
            delete(path + "/"
                    + java.net.URLEncoder.encode(item.path(key).asText(), StandardCharsets.UTF_8)
                            .replace("+", "%20"));
        }
    }

    /** What is kept, once nothing moves any more. */
    Dump quiet() {
        var last = new Dump[] {Dump.of(database, media)};
        Awaitility.await()
                .pollDelay(java.time.Duration.ofMillis(25))
                .pollInterval(java.time.Duration.ofMillis(25))
                .atMost(java.time.Duration.ofSeconds(30))
                .until(() -> {
                    var before = last[0];
                    last[0] = Dump.of(database, media);
                    return last[0].equals(before);
                });
        return last[0];
    }

    private java.net.http.HttpResponse<String> post(String path, String json) throws Exception {
        return program.post(path, json);
    }

    private void delete(String path) throws Exception {
        program.send(program.request(path).DELETE());
    }

    private static JsonNode results(java.net.http.HttpResponse<String> reply) throws Exception {
        return Program.json(reply).path("results");
    }
}
