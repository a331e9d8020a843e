package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import gateway.crash.Sink;
import gateway.store.Database;
import gateway.store.Store;
import gateway.twin.web.TwinControl;

/**
 * The end of a link, on the real program: by the phone, while the gateway runs and while it is away, and by a client.
 */
@Timeout(180)
class LogoutLineTest {
    private static final String OWN = TwinPhones.OWN;
    private static final String PEER = TwinPhones.PEER;
    private static final String LOGGED_OUT = "\"state\":\"logged_out\"";

    @TempDir
    Path folder;

    @RegisterExtension
    private final TwinPhones phones = new TwinPhones(OWN, PEER);

    private final TwinControl control = phones.control;
    private Sink sink;

    @BeforeEach
    void start() throws Exception {
        sink = new Sink(() -> "0123456789abcdef0123456789abcdef");
    }

    @AfterEach
    void stop() {
        sink.close();
    }

    private Program program() throws Exception {
        var environment = new HashMap<>(WebPairing.settings(phones.twin));
        environment.putAll(sink.settings());
        environment.put("WHATSAPP_SEND_WAIT", "20s");
        return Program.rest(folder, environment);
    }

    private void pair(Program program) throws Exception {
        phones.link(program);
    }

    private static boolean status(Program program, String field) throws Exception {
        return Program.json(program.get("/app/status"))
                .path("results")
                .path(field)
                .booleanValue();
    }

    private static int send(Program program, String text) throws Exception {
        return program.post("/send/message", "{\"phone\":\"" + PEER + "\",\"message\":\"" + text + "\"}")
                .statusCode();
    }

    private void loggedOut(Program program) throws Exception {
        await().atMost(Duration.ofSeconds(40)).until(() -> !status(program, "is_logged_in"));
        var device = Program.json(program.get("/devices/default")).path("results");
        assertEquals("disconnected", device.path("state").textValue());
        assertEquals("", device.path("jid").textValue());
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertEquals(
                        1,
                        sink.bodies().stream()
                                .filter(body ->
                                        body.contains("\"event\":\"connection.update\"") && body.contains(LOGGED_OUT))
                                .count(),
                        () -> sink.bodies().toString()));
    }

    private static void losses(Program program, String how, int times) throws Exception {
        for (var label : List.of("unlinked", "logged_out")) {
            var line =
                    "whatsapp_account_losses_total{how=\"" + label + "\",} " + (label.equals(how) ? times : 0) + ".0";
            assertTrue(program.metrics().contains(line), () -> line + " is not there");
        }
    }

    /** Of the account's keys; what it said and heard stays. */
    private void nothingIsLeft() {
        try (var store = Store.open(new Database.Sqlite(folder.resolve("storages/whatsapp.db")))) {
            var tables = store.all(
                    row -> row.text(1),
                    "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 4) = 'web_'");
            assertTrue(tables.size() > 5, tables::toString);
            for (var table : tables) {
                assertEquals(0, store.number("SELECT count(*) FROM " + table), table);
            }
            assertTrue(store.number("SELECT count(*) FROM message") > 0);
        }
    }

    @Test
    void whatThePhoneUnlinksIsForgottenAndToldOf() throws Exception {
        try (var program = program()) {
            losses(program, "none", 0);
            pair(program);
            assertEquals(200, send(program, "before"));
            control.post("/phones/" + OWN + "/unlink", Map.of());
            loggedOut(program);
            losses(program, "unlinked", 1);
            assertEquals(401, send(program, "nobody sends this"));
            assertEquals(0, control.shown(PEER, "nobody sends this"));
        }
        nothingIsLeft();
        try (var program = program()) {
            pair(program);
            assertEquals(200, send(program, "after"));
            await().atMost(Duration.ofSeconds(20)).until(() -> control.shown(PEER, "after") == 1);
        }
    }

    /** What the program remembers of the account ends with the link, also without a restart between. */
    @Test
    void namesAreKeptAnewAfterTheNextLink() throws Exception {
        try (var program = program()) {
            pair(program);
            control.send(PEER, OWN, "first");
            await().atMost(Duration.ofSeconds(20)).until(() -> contacts(program).contains("Phone " + PEER));
            control.post("/phones/" + OWN + "/unlink", Map.of());
            loggedOut(program);
            pair(program);
            control.send(PEER, OWN, "second");
            await().atMost(Duration.ofSeconds(20)).until(() -> contacts(program).contains("Phone " + PEER));
        }
    }

    private static String contacts(Program program) throws Exception {
        return program.get("/user/my/contacts").body();
    }

    @Test
    void whatThePhoneUnlinkedWhileTheGatewayWasAwayIsFoundAtTheStart() throws Exception {
        try (var program = program()) {
            pair(program);
            assertEquals(200, send(program, "before"));
        }
        control.post("/phones/" + OWN + "/unlink", Map.of());
        try (var program = program()) {
            loggedOut(program);
            losses(program, "unlinked", 1);
        }
        nothingIsLeft();
    }

    @Test
    void aLogoutThatAClientAskedForIsNoAlarm() throws Exception {
        try (var program = program()) {
            pair(program);
            assertEquals(200, send(program, "before"));
            assertEquals(200, program.get("/app/logout").statusCode());
            assertEquals(0, control.devices(OWN));
            loggedOut(program);
            losses(program, "logged_out", 1);
        }
        nothingIsLeft();
    }
}
