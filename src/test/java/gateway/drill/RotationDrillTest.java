package gateway.drill;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.Program;
import gateway.RotateHere;
import gateway.database.PostgresForTests;
import gateway.figures.FiguresFile;
import gateway.http.Envelope;
import gateway.store.Database;
import gateway.store.Store;

/**
 * Every kind of secret is rotated twice, by the command, beside the real program on PostgreSQL, while clients and a
 * receiver go on. {@code make rotation-drill} runs the full form: 1,000 requests and 200 events a second. The figures
 * are written to {@code target/rotation.json}.
 */
class RotationDrillTest {
    private static final int REQUESTS = Integer.getInteger("drill.requests", 100);
    private static final int EVENTS = Integer.getInteger("drill.events", 20);
    /** Traffic before, between and after the steps. */
    private static final long CALM_MILLIS = Long.getLong("drill.calm", 300);
    /**
     * 2 s in the full form, on a machine that does nothing else; the short form proves the order of things, not their
     * time.
     */
    private static final Duration ACTIVE_WITHIN = Duration.ofSeconds(Integer.getInteger("drill.within", 20));

    private static final String WEBHOOK_SECRET = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path folder;

    private final Database.Postgres database = PostgresForTests.running().fresh();
    private final Map<String, String> environment = new HashMap<>();
    private final ObjectNode figures = Envelope.JSON.createObjectNode();
    private RotateHere rotate;
    private URI server;

    @Test
    void nothingFailsAndNothingIsLostWhileEverySecretIsRotatedTwice() throws Exception {
        try (var receiver = new CheckingReceiver(WEBHOOK_SECRET)) {
            environment.putAll(Map.of(
                    "APP_PORT",
                    "0",
                    "APP_METRICS_PORT",
                    "0",
                    "APP_RATE_LIMIT",
                    "off",
                    "WHATSAPP_WEBHOOK",
                    receiver.url(),
                    "WHATSAPP_WEBHOOK_ALLOW_HTTP",
                    "true",
                    "WHATSAPP_WEBHOOK_ALLOW_CIDRS",
                    "127.0.0.0/8",
                    "WHATSAPP_WEBHOOK_EVENTS",
                    "message",
                    "DB_URI",
                    "postgresql://%s@%s:%d/%s?sslmode=verify-full&sslrootcert=%s"
                            .formatted(
                                    database.user(),
                                    database.host(),
                                    database.port(),
                                    database.name(),
                                    database.properties().get("sslrootcert"))));
            secret("APP_BASIC_AUTH", "admin:first-lantern-oblique-71");
            secret("WHATSAPP_SECRET", "t".repeat(40));
            secret("ADMIN_TOKEN", "a".repeat(40));
            secret("WHATSAPP_WEBHOOK_SECRET", WEBHOOK_SECRET);
            secret("DB_PASSWORD", database.password());
            rotate = new RotateHere(environment, folder);
            try (var program = Program.start(folder, environment, "rest")) {
                server = URI.create(program.url());
                drill(program, receiver);
            }
        }
    }

    private void drill(Program program, CheckingReceiver receiver) throws Exception {
        try (var line = new KeptLine(server)) {
            line.send("GET", "/app/login", Traffic.basic(value("APP_BASIC_AUTH")), "");
            assertEquals(200, line.send("POST", "/sandbox/pair", Traffic.basic(value("APP_BASIC_AUTH")), "{}"));
        }
        long begun;
        try (var traffic = new Traffic(server, value("APP_BASIC_AUTH"), value("WHATSAPP_SECRET"))) {
            traffic.start(REQUESTS, EVENTS);
            begun = System.nanoTime();
            calm();
            for (int round = 1; round <= 2; round++) {
                var old = value("APP_BASIC_AUTH");
                rotated(
                        "basic-auth",
                        "APP_BASIC_AUTH",
                        fresh -> status("GET", "/app/status", Traffic.basic(fresh)) == 200);
                traffic.userIs(value("APP_BASIC_AUTH"));
                retired("basic-auth", () -> status("GET", "/app/status", Traffic.basic(old)));

                var oldToken = value("WHATSAPP_SECRET");
                rotated(
                        "api-token",
                        "WHATSAPP_SECRET",
                        fresh -> status("POST", "/send/message", "Bearer " + fresh) == 200);
                traffic.tokenIs(value("WHATSAPP_SECRET"));
                retired("api-token", () -> status("POST", "/send/message", "Bearer " + oldToken));

                rotated("webhook-secret", "WHATSAPP_WEBHOOK_SECRET", receiver);
                receiver.secretIs(value("WHATSAPP_WEBHOOK_SECRET"));
                calm();
                assertEquals(0, rotate.run("retire", "webhook-secret"), rotate.said());

                var oldPassword = value("DB_PASSWORD");
                rotated("db-password", "DB_PASSWORD", this::connects);
                assertEquals(false, connects(oldPassword), "the server takes the old password no more");
                rotated("admin-token", "ADMIN_TOKEN", fresh -> true);
                rotated("encryption-key", "", fresh -> true);
                calm();
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            figures.put("seconds", Math.round(seconds))
                    .put("requests_per_second", Math.round(traffic.answered.get() / seconds))
                    .put("events_per_second", Math.round(traffic.events.size() / seconds));
            traffic.close();
            judge(traffic, receiver, program);
        }
        PostgresForTests.running()
                .execute(
                        "postgres",
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + database.user()
                                + "'");
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .until(() -> status("POST", "/send/message", "Bearer " + value("WHATSAPP_SECRET")) == 200);
    }

    private void judge(Traffic traffic, CheckingReceiver receiver, Program program) throws Exception {
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> receiver.events.containsAll(traffic.events));
        } catch (org.awaitility.core.ConditionTimeoutException late) {
            System.out.println("rotation drill: what became of the late ones: " + attempts());
        }
        long lost = traffic.events.stream()
                .filter(event -> !receiver.events.contains(event))
                .count();
        figures.put("requests", traffic.answered.get())
                .put("failed_requests", traffic.failures.size())
                .put("events", traffic.events.size())
                .put("lost_deliveries", lost)
                .put("deliveries_repeated_with_the_other_secret", receiver.refused.get());
        FiguresFile.add(Path.of("target/rotation.json"), figures);
        System.out.println("rotation drill: " + figures);
        assertEquals(List.of(), List.copyOf(traffic.failures), program::output);
        assertEquals(0, lost);
        try (var store = Store.open(new Database.Postgres(
                database.host(),
                database.port(),
                database.name(),
                database.user(),
                value("DB_PASSWORD"),
                database.properties()))) {
            assertEquals(0, store.number("SELECT count(*) FROM delivery WHERE state = 2"), "given up");
        }
    }

    /** Deliveries by state, and what their attempts met with. */
    private String attempts() throws Exception {
        try (var store = Store.open(new Database.Postgres(
                database.host(),
                database.port(),
                database.name(),
                database.user(),
                value("DB_PASSWORD"),
                database.properties()))) {
            return store.all(
                                    row -> row.text(1),
                                    "SELECT d.state || ' claimed ' || (d.claimed_by <> '') || ' attempts ' || d.attempts "
                                            + "|| ' due in ' || (d.due_at / 1000 - extract(epoch from now())::bigint) || ' last ' || coalesce((SELECT status || ' ' || error "
                                            + "FROM webhook_attempt a WHERE a.delivery = d.seq ORDER BY a.seq DESC LIMIT 1), '-') "
                                            + "FROM delivery d WHERE d.state <> 1 LIMIT 20")
                            .toString()
                    + ", waiting in the sandbox: " + store.number("SELECT count(*) FROM sandbox_pending");
        }
    }

    /**
     * Rotates and measures from the instant at which the new one is at its source to the first use of it that is
     * accepted; what this listener does not ask for is active when the command returns, which waits for the server.
     */
    private void rotated(String kind, String setting, Function<String, Boolean> accepted) throws Exception {
        calm();
        var watch = Watch.of(
                setting.isEmpty() ? folder.resolve("storages/secrets/encryption.key") : folder.resolve(setting));
        assertEquals(0, rotate.run(kind, "--overlap", "1h"), rotate.said());
        assertTrue(
                accepted.apply(setting.isEmpty() ? "" : value(setting)),
                kind + " is not accepted when the command returns");
        note(kind, System.nanoTime() - watch.changedAt());
    }

    /** As above; the new one is in use when a delivery is signed with it. */
    private void rotated(String kind, String setting, CheckingReceiver receiver) throws Exception {
        calm();
        var watch = Watch.of(folder.resolve(setting));
        assertEquals(0, rotate.run(kind, "--overlap", "1h"), rotate.said());
        receiver.expect(value(setting));
        await(kind + " after " + receiver.events.size() + " deliveries")
                .atMost(ACTIVE_WITHIN)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> receiver.seenAt() != 0);
        note(kind, receiver.seenAt() - watch.changedAt());
    }

    private void note(String kind, long nanos) {
        ((ArrayNode) figures.withArray("/active_after_ms/" + kind)).add(nanos / 1_000_000);
        assertTrue(nanos < ACTIVE_WITHIN.toNanos(), kind + " was active after " + Duration.ofNanos(nanos));
    }

    private void retired(String kind, java.util.function.IntSupplier next) throws Exception {
        calm();
        assertEquals(0, rotate.run("retire", kind), rotate.said());
        assertEquals(401, next.getAsInt(), "the next request with a revoked " + kind);
    }

    private int status(String method, String path, String authorization) {
        try (var line = new KeptLine(server)) {
            return line.send(
                    method,
                    path,
                    authorization,
                    method.equals("GET") ? "" : "{\"phone\":\"6281234510001\",\"message\":\"drill\"}");
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean connects(String password) {
        var properties = new java.util.Properties();
        properties.putAll(database.properties());
        properties.putAll(Map.of("user", database.user(), "password", password));
        try (var connection = DriverManager.getConnection(
                "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + database.name(), properties)) {
            return connection.isValid(2);
        } catch (SQLException e) {
            assertEquals("28P01", e.getSQLState());
            return false;
        }
    }

    private void secret(String setting, String value) throws Exception {
        Files.writeString(folder.resolve(setting), value + "\n");
        environment.put(setting + "_FILE", folder.resolve(setting).toString());
    }

    private String value(String setting) throws Exception {
        return Files.readString(folder.resolve(setting)).strip();
    }

    private static void calm() throws InterruptedException {
        Thread.sleep(CALM_MILLIS);
    }

    /** Notices when a file becomes another one. */
    private record Watch(Thread thread, long[] at) {
        static Watch of(Path file) throws Exception {
            var at = new long[1];
            var before = Files.exists(file)
                    ? Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class)
                            .fileKey()
                    : null;
            var thread = Thread.ofPlatform().daemon().start(() -> {
                try {
                    while (!Files.exists(file)
                            || Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class)
                                    .fileKey()
                                    .equals(before)) {
                        Thread.sleep(1);
                    }
                    at[0] = System.nanoTime();
                } catch (java.io.IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            return new Watch(thread, at);
        }

        long changedAt() throws InterruptedException {
            thread.join();
            return at[0];
        }
    }
}
