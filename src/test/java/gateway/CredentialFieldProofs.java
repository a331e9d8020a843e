package gateway;

import static gateway.AccessCalls.object;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.function.Executable;

/** What each field of the operations on users and tokens does. */
final class CredentialFieldProofs {
    private static final String PASSWORD = "wharf-lantern-oblique-71-tundra";
    private static final String OTHER_PASSWORD = "mosaic-pelican-quartz-19-ember";

    private final AccessCalls calls;

    CredentialFieldProofs(AccessCalls calls) {
        this.calls = calls;
    }

    /** The proofs by operation and field, as {@code POST /users name}. */
    Map<String, Executable> all() {
        var proofs = new TreeMap<String, Executable>();
        for (var field : List.of("name", "password", "scopes", "device")) {
            proofs.put("POST /users " + field, this::user);
        }
        for (var field : List.of("name", "password", "overlap_seconds")) {
            proofs.put("POST /users/{name}/password " + field, this::password);
        }
        proofs.put("DELETE /users/{name} name", this::removedUser);
        for (var field : List.of("note", "scopes", "device")) {
            proofs.put("POST /tokens " + field, this::token);
        }
        proofs.put("POST /tokens not_after", this::ending);
        proofs.put("DELETE /tokens/{id} id", this::removedToken);
        return proofs;
    }

    private void user() throws Exception {
        calls.send("POST", "/devices", "{\"device_id\":\"other\"}");
        var name = calls.unique("user");
        assertEquals(401, calls.as(name, PASSWORD, "/app/status"));
        var user = object().put("name", name).put("password", PASSWORD).put("scopes", "read");
        calls.ok("POST", "/users", user);
        assertEquals(200, calls.as(name, PASSWORD, "/app/status?device_id=default"));
        assertEquals(200, calls.as(name, PASSWORD, "/app/status?device_id=other"));
        assertEquals(401, calls.as(name, OTHER_PASSWORD, "/app/status?device_id=default"));
        assertEquals(403, calls.as(name, PASSWORD, "/users"));
        calls.ok("POST", "/users", user.put("name", name + "-m").put("scopes", "manage,read"));
        assertEquals(200, calls.as(name + "-m", PASSWORD, "/users"));
        calls.ok("POST", "/users", user.put("name", name + "-d").put("device", "other"));
        assertEquals(200, calls.as(name + "-d", PASSWORD, "/app/status?device_id=other"));
        assertEquals(404, calls.as(name + "-d", PASSWORD, "/app/status?device_id=default"));
    }

    /** The name of a new user, who may read. */
    private String reader() throws Exception {
        var name = calls.unique("user");
        calls.ok(
                "POST",
                "/users",
                object().put("name", name).put("password", PASSWORD).put("scopes", "read"));
        return name;
    }

    private void password() throws Exception {
        var name = reader();
        var path = "/users/" + name + "/password";
        assertEquals(
                404,
                calls.send(
                                "POST",
                                "/users/nobody/password",
                                object().put("password", OTHER_PASSWORD).toString())
                        .statusCode());
        calls.ok("POST", path, object().put("password", OTHER_PASSWORD).put("overlap_seconds", 600));
        assertEquals(200, calls.as(name, PASSWORD, "/app/status?device_id=default"));
        assertEquals(200, calls.as(name, OTHER_PASSWORD, "/app/status?device_id=default"));
        calls.ok("POST", path, object().put("password", "violet-harbour-copper-83-signal"));
        assertEquals(401, calls.as(name, OTHER_PASSWORD, "/app/status?device_id=default"));
    }

    private void removedUser() throws Exception {
        var name = reader();
        assertEquals(404, calls.send("DELETE", "/users/nobody", "").statusCode());
        assertEquals(200, calls.as(name, PASSWORD, "/app/status?device_id=default"));
        assertEquals(200, calls.send("DELETE", "/users/" + name, "").statusCode());
        assertEquals(401, calls.as(name, PASSWORD, "/app/status?device_id=default"));
    }

    private void token() throws Exception {
        calls.send("POST", "/devices", "{\"device_id\":\"other\"}");
        var note = calls.unique("note");
        var reader = calls.bearer(object().put("scopes", "read").put("note", note));
        assertTrue(calls.send("GET", "/tokens", "").body().contains(note));
        assertEquals(200, calls.as(reader, "/app/status?device_id=default"));
        assertEquals(403, calls.as(reader, "/tokens"));
        assertEquals(200, calls.as(calls.bearer(object().put("scopes", "manage")), "/tokens"));
        var confined = calls.bearer(object().put("scopes", "read").put("device", "other"));
        assertEquals(200, calls.as(confined, "/app/status?device_id=other"));
        assertEquals(404, calls.as(confined, "/app/status?device_id=default"));
    }

    private void ending() throws Exception {
        var end = Instant.now().plusSeconds(8).toString();
        var bearer = calls.bearer(object().put("scopes", "read").put("not_after", end));
        assertEquals(200, calls.as(bearer, "/app/status?device_id=default"));
        await().atMost(Duration.ofSeconds(30)).until(() -> calls.as(bearer, "/app/status?device_id=default") == 401);
    }

    private void removedToken() throws Exception {
        var made = calls.results("POST", "/tokens", object().put("scopes", "read"));
        var bearer = "Bearer " + made.path("token").asText();
        assertEquals(404, calls.send("DELETE", "/tokens/nobody", "").statusCode());
        assertEquals(200, calls.as(bearer, "/app/status?device_id=default"));
        assertEquals(
                200,
                calls.send("DELETE", "/tokens/" + made.path("id").asText(), "").statusCode());
        assertEquals(401, calls.as(bearer, "/app/status?device_id=default"));
    }
}
