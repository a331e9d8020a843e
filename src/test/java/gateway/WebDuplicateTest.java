package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import gateway.twin.web.TwinControl;

/** Messages whose key was used before: one that comes again is known; one that is new is asked for again. */
@Timeout(180)
class WebDuplicateTest {
    private static final String OWN = TwinPhones.OWN;
    private static final String PEER = TwinPhones.PEER;

    @TempDir
    Path folder;

    @RegisterExtension
    private final TwinPhones phones = new TwinPhones(OWN, PEER);

    private final TwinControl control = phones.control;

    private Program program(String failpoint) throws Exception {
        var environment = new HashMap<>(WebPairing.settings(phones.twin));
        if (!failpoint.isEmpty()) {
            environment.put("JAVA_TOOL_OPTIONS", "-Dgateway.failpoint=" + failpoint);
        }
        return Program.rest(folder, environment);
    }

    private static void came(Program program, String text) {
        await().untilAsserted(() -> {
            var body = program.get("/chat/" + PEER + "@s.whatsapp.net/messages").body();
            assertTrue(body.contains("\"" + text + "\""), body);
        });
    }

    @Test
    void aNewMessageUnderAUsedKeyIsAskedForAgain() throws Exception {
        try (var program = program("")) {
            phones.link(program);
            control.send(PEER, OWN, "first");
            came(program, "first");
            control.fault("used_key", "1");
            control.send(PEER, OWN, "second");
            came(program, "second");
            assertEquals(1, control.seen("retry asked", OWN));
        }
    }

    @Test
    void aMessageThatWasKeptBeforeAKillIsNotAskedForAgain() throws Exception {
        try (var program = program("")) {
            phones.link(program);
        }
        control.send(PEER, OWN, "kept");
        // The first time is right after the login, with nothing to keep.
        try (var program = program("web-received:2")) {
            assertEquals(137, program.exit());
        }
        try (var program = program("")) {
            WebPairing.connected(program);
            came(program, "kept");
            await().until(() ->
                    control.get("/phones/" + OWN).get("unacknowledged").intValue() == 0);
            assertEquals(0, control.seen("retry asked", ""));
        }
    }
}
