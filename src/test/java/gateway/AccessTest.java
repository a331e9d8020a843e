package gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who may call the API is changed while it runs, by REST and by the command beside it, and holds on the next request.
 */
class AccessTest {
    @TempDir
    Path folder;

    @Test
    void usersAndTokensComeAndGoWithoutARestart() throws Exception {
        try (var program = Program.rest(folder, Map.of())) {
            assertEquals(
                    400,
                    program.post("/users", "{\"name\":\"ann\",\"password\":\"short\",\"scopes\":\"read\"}")
                            .statusCode());
            var password = "wharf-lantern-oblique-71-tundra";
            assertEquals(
                    200,
                    program.post("/users", "{\"name\":\"ann\",\"password\":\"" + password + "\",\"scopes\":\"read\"}")
                            .statusCode());
            var ann =
                    "Basic " + Base64.getEncoder().encodeToString(("ann:" + password).getBytes(StandardCharsets.UTF_8));
            assertEquals(200, status(program, ann, "/app/status"));
            assertEquals(403, status(program, ann, "/users"), "reading is not managing");
            for (var path : List.of("/users/ann;x", "/users;x/ann", "/app/..;/users/ann", "/app/%2e%2e/users/ann")) {
                var reply = program.send(program.request(path).DELETE());
                assertEquals(400, reply.statusCode(), path);
                assertEquals("BAD_REQUEST", Program.json(reply).path("code").textValue(), path);
            }
            assertEquals(200, status(program, ann, "/app/status"), "nobody was removed by another spelling");
            assertEquals(
                    200, program.send(program.request("/users/ann").DELETE()).statusCode());
            assertEquals(401, status(program, ann, "/app/status"), "on the very next request");

            var made = Program.json(program.post("/tokens", "{\"scopes\":\"read\",\"note\":\"test\"}"))
                    .path("results");
            var bearer = "Bearer " + made.path("token").textValue();
            assertEquals(200, status(program, bearer, "/app/status"));
            assertFalse(
                    program.get("/tokens").body().contains(made.path("token").textValue()), "shown once");
            assertEquals(
                    200,
                    program.send(program.request("/tokens/" + made.path("id").textValue())
                                    .DELETE())
                            .statusCode());
            assertEquals(401, status(program, bearer, "/app/status"));
        }
    }

    @Test
    void aCredentialForOneDeviceIsBlindToEveryOther() throws Exception {
        try (var program = Program.rest(folder, Map.of())) {
            assertEquals(
                    200, program.post("/devices", "{\"device_id\":\"theirs\"}").statusCode());
            var made = program.post("/tokens", "{\"scopes\":\"send,read,manage\",\"device\":\"default\"}");
            var bearer = "Bearer " + Program.json(made).at("/results/token").textValue();
            assertEquals(200, status(program, bearer, "/app/status"), "unnamed it is its own");
            assertEquals(200, status(program, bearer, "/devices/default"));
            for (var path : List.of(
                    "/app/status?device_id=theirs",
                    "/chats?device_id=theirs",
                    "/devices/theirs",
                    "/devices/theirs/login",
                    "/statics/media/theirs/x.png")) {
                assertEquals(404, status(program, bearer, path), path);
            }
            assertEquals(
                    List.of("default"),
                    Program.json(send(program, bearer, "GET", "/devices", ""))
                            .at("/results")
                            .findValuesAsText("id"));
            for (var path : List.of(
                    "/users",
                    "/tokens",
                    "/webhooks",
                    "/users/",
                    "//users",
                    "/./users",
                    "/%75sers",
                    "/users;a=b",
                    "/x/../users")) {
                var reply = send(program, bearer, "GET", path, "");
                assertTrue(
                        reply.statusCode() == 403 || reply.statusCode() == 400 || reply.statusCode() == 404,
                        path + " " + reply.statusCode());
            }
            assertEquals(
                    403,
                    send(program, bearer, "POST", "/devices", "{\"device_id\":\"third\"}")
                            .statusCode());
            assertEquals(
                    404, send(program, bearer, "DELETE", "/devices/theirs", "").statusCode());
            assertEquals(
                    404,
                    send(program, bearer, "POST", "/sandbox/pair?device_id=theirs", "{}")
                            .statusCode());
        }
    }

    @Test
    void aReadersTokenFindsNoSpellingOfAPathThatNeedsMore() throws Exception {
        try (var program = Program.rest(folder, Map.of())) {
            var made = program.post("/tokens", "{\"scopes\":\"read\"}");
            var bearer = "Bearer " + Program.json(made).at("/results/token").textValue();
            for (var path : List.of(
                    "/users",
                    "/users/",
                    "//users",
                    "/./users",
                    "/%75sers",
                    "/users;a=b",
                    "/x/../users",
                    "/app/passkey",
                    "/app/login/",
                    "//app/login",
                    "/app/%6Cogin",
                    "/app;a/login",
                    "/app/./login")) {
                var reply = send(program, bearer, "GET", path, "");
                assertTrue(
                        reply.statusCode() == 403 || reply.statusCode() == 400 || reply.statusCode() == 404,
                        path + " " + reply.statusCode());
            }
        }
    }

    @Test
    void aCommandBesideTheServerMakesATokenTheServerKnowsAndTheLogTellsOfIt() throws Exception {
        try (var program = Program.rest(folder, Map.of())) {
            program.url();
            String token;
            try (var command = Program.start(folder, Map.of(), "token", "create", "billing", "--scopes", "read")) {
                assertEquals(0, command.exit(), command.output());
                token = command.output()
                        .lines()
                        .filter(line -> line.length() >= 43)
                        .map(String::strip)
                        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                        .findFirst()
                        .orElseThrow();
            }
            assertEquals(200, status(program, "Bearer " + token, "/app/status"));
        }
        var log = Files.readString(folder.resolve("storages/security.log"));
        assertTrue(log.contains("authn_token_created"), log);
        assertTrue(log.indexOf("sys_startup") < log.lastIndexOf("sys_shutdown"), log);
        try (var verify = Program.start(folder, Map.of(), "audit", "verify")) {
            assertEquals(0, verify.exit(), verify.output());
        }
        Files.writeString(
                folder.resolve("storages/security.log"),
                log.replaceFirst("authn_token_created", "authn_token_creatED"));
        try (var verify = Program.start(folder, Map.of(), "audit", "verify")) {
            assertEquals(1, verify.exit(), verify.output());
        }
    }

    private static int status(Program program, String authorization, String path) throws Exception {
        return send(program, authorization, "GET", path, "").statusCode();
    }

    private static HttpResponse<String> send(
            Program program, String authorization, String method, String path, String body) throws Exception {
        return program.send(HttpRequest.newBuilder(URI.create(program.url() + path))
                .header("Authorization", authorization)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }
}
