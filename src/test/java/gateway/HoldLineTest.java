package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.database.PostgresForTests;
import gateway.store.SqlDialect;
import gateway.twin.web.TwinControl;

/**
 * The real program with an account that its operator holds: nothing reaches the twin's servers until the account is
 * released.
 */
@Timeout(240)
class HoldLineTest {
    private static final String OWN = TwinPhones.OWN;
    private static final String PEER = TwinPhones.PEER;

    @TempDir
    Path folder;

    @RegisterExtension
    private final TwinPhones phones = new TwinPhones(OWN, PEER);

    private final TwinControl control = phones.control;
    private Map<String, String> settings;

    private void on(SqlDialect dialect) {
        settings = new HashMap<>(WebPairing.settings(phones.twin));
        if (dialect == SqlDialect.POSTGRES) {
            settings.put(
                    "DB_URI", PostgresForTests.uri(PostgresForTests.running().fresh()));
            settings.put("WHATSAPP_ENCRYPTION_KEY", Base64.getEncoder().encodeToString(new byte[32]));
        }
    }

    private Program program() throws Exception {
        return Program.rest(folder, settings);
    }

    /** A command of the operator's; what it wrote. */
    private String command(String... arguments) throws Exception {
        var environment = new HashMap<>(settings);
        // The port of a server that chose it by itself is not known, so the command waits for the server's own word.
        environment.put("APP_PORT", "0");
        try (var command = Program.start(folder, environment, arguments)) {
            assertEquals(0, command.exit(), command.output());
            return command.output();
        }
    }

    private static void send(Program program, String text) throws Exception {
        var reply = program.post("/send/message", "{\"phone\":\"" + PEER + "\",\"message\":\"" + text + "\"}");
        assertEquals(200, reply.statusCode(), reply.body());
    }

    private void shown(String text) {
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertEquals(1, control.shown(PEER, text), text));
    }

    @ParameterizedTest
    @EnumSource(SqlDialect.class)
    void heldItIsKilledAndStartedAndNeverConnectsAndReleasedItSendsInOrderAndOnce(SqlDialect dialect) throws Exception {
        on(dialect);
        try (var program = program()) {
            phones.link(program);
            send(program, "before");
            shown("before");
            assertTrue(command("hold", "default", "--reason", "a drill").contains("default is not connected."));
            var status = Program.json(program.get("/app/status")).path("results");
            assertTrue(
                    status.path("held").booleanValue()
                            && status.path("is_logged_in").booleanValue(),
                    status.toString());
            assertFalse(status.path("is_connected").booleanValue());
            assertEquals("a drill", status.path("held_reason").textValue());
            assertTrue(program.get("/devices").body().contains("\"held_reason\":\"a drill\""));
            assertEquals(200, program.send(program.request("/readyz")).statusCode());
            assertTrue(
                    program.metrics().lines().anyMatch(line -> line.matches("whatsapp_accounts_held\\{.*} 1(\\.0)?")),
                    program.metrics());
            assertTrue(program.metrics()
                    .lines()
                    .anyMatch(line -> line.matches("whatsapp_accounts_paired\\{.*} 0(\\.0)?")));
            send(program, "one");
            assertEquals(
                    409,
                    program.send(program.request("/devices/default").DELETE()).statusCode());
            assertEquals(
                    409,
                    program.post("/devices/default/engine", "{\"engine\":\"sandbox\",\"force\":true}")
                            .statusCode());
            program.kill();
        }
        var logins = control.seen("login", "");
        control.send(PEER, OWN, "while held");
        try (var program = program()) {
            program.url();
            send(program, "two");
            send(program, "three");
            assertTrue(command("outbox", "list").contains("the account is held: a drill"));
            await().during(Duration.ofSeconds(2))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> control.seen("login", "") == logins
                            && control.shown(PEER, "one") + control.shown(PEER, "two") == 0);
            command("release", "default");
            for (var text : List.of("one", "two", "three")) {
                shown(text);
            }
            await().atMost(Duration.ofSeconds(40))
                    .untilAsserted(() -> assertTrue(program.get("/chat/" + PEER + "@s.whatsapp.net/messages")
                            .body()
                            .contains("while held")));
            assertEquals(1, control.shown(PEER, "before"));
            assertTrue(
                    program.metrics().lines().anyMatch(line -> line.matches("whatsapp_accounts_held\\{.*} 0(\\.0)?")));
        }
        var log = Files.readString(folder.resolve("storages/security.log"));
        assertTrue(log.contains("account_held") && log.contains("account_released") && log.contains("a drill"), log);
    }

    @Test
    void theSandboxOfAHeldAccountDoesNothingEither() throws Exception {
        settings = Map.of();
        try (var program = program()) {
            program.get("/app/login");
            assertEquals(200, program.post("/sandbox/pair", "{}").statusCode());
            command("hold", "--all");
            assertEquals(
                    409,
                    program.post("/sandbox/contact", "{\"phone\":\"6281234567890\",\"name\":\"Ada\"}")
                            .statusCode());
            send(program, "waits");
            assertEquals(401, program.get("/app/reconnect").statusCode());
            command("release", "--all");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> program.metrics()
                            .lines()
                            .anyMatch(line -> line.matches("whatsapp_outbox_depth\\{.*} 0(\\.0)?")));
            assertEquals(
                    200,
                    program.post("/sandbox/contact", "{\"phone\":\"6281234567890\",\"name\":\"Ada\"}")
                            .statusCode());
        }
    }
}
