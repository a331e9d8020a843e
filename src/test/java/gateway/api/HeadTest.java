package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.http.hardened.Wire;

/** HEAD asks for nothing to be done, also where the original's GET does something (RFC 9110 §9.2.1). */
class HeadTest extends PairedRig {
    private String group() {
        return rig.get("/user/my/groups").results().at("/data/0/JID").asText();
    }

    private String head(String path) throws IOException {
        try (var wire = new Wire(rig.port())) {
            return wire.send("HEAD " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .rest();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/app/login",
                "/app/login-with-code?phone=12025550123",
                "/app/logout",
                "/app/logout/",
                "/app/reconnect",
                "/devices/default/login",
                "/group/invite-link?group_id=120363000000000001@g.us&reset=true"
            })
    void aGetThatChangesSomethingIsNotServedForHead(String path) throws IOException {
        rig.quiet();
        var before = rig.fingerprint();
        var reply = head(path);
        assertTrue(reply.startsWith("HTTP/1.1 405") && reply.contains("\r\nAllow: GET, OPTIONS\r\n"), reply);
        assertEquals(before, rig.fingerprint());
        assertTrue(rig.get("/app/status").results().path("is_logged_in").asBoolean());
    }

    @Test
    void aGetThatOnlyLooksIsServedForHead() throws IOException {
        for (String path : new String[] {"/app/status", "/group/invite-link?group_id=" + group()}) {
            var reply = head(path);
            assertTrue(reply.startsWith("HTTP/1.1 200"), reply);
        }
    }
}
