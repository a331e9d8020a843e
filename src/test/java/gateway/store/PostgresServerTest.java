package gateway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import gateway.database.PostgresForTests;

/** What a server of PostgreSQL can do to us, and what an operator hears of it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PostgresServerTest {
    private static final String ADD = "INSERT INTO device (id, created_at) VALUES (?, ?)";
    private final PostgresForTests server = PostgresForTests.running();

    @Test
    void aWrongPasswordIsNamedButNeverPrinted() {
        var good = server.fresh();
        var fault = refused(new Database.Postgres(
                good.host(), good.port(), good.name(), good.user(), "hunter2-wrong", good.properties()));
        assertTrue(fault.getMessage().contains("password"), fault.getMessage());
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            assertFalse(String.valueOf(cause).contains("hunter2"), String.valueOf(cause));
        }
    }

    @Test
    void anUnreachableServerIsNamedWithinSeconds() throws Exception {
        int closed;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        var began = System.nanoTime();
        assertTrue(refused(at(closed, Map.of())).getMessage().contains("Check host and port"));
        assertTrue(Duration.ofNanos(System.nanoTime() - began).toSeconds() < 20);
    }

    @Test
    void aServerThatSaysNothingIsGivenUpWithinSeconds() throws Exception {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var began = System.nanoTime();
            assertTrue(refused(at(silent.getLocalPort(), Map.of())).getMessage().contains("cannot be reached"));
            assertTrue(Duration.ofNanos(System.nanoTime() - began).toSeconds() < 20);
        }
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefused(@org.junit.jupiter.api.io.TempDir Path folder) throws Exception {
        gateway.database.Certificates.make(folder, "other");
        var fault = refused(
                with(server.fresh(), "sslrootcert", folder.resolve("other.crt").toString()));
        assertTrue(fault.getMessage().contains("certificate"), fault.getMessage());
    }

    @Test
    void aMissingAuthorityFileIsNamed() {
        assertTrue(refused(with(server.fresh(), "sslrootcert", "/nowhere/ca.crt"))
                .getMessage()
                .contains("sslrootcert"));
    }

    @Test
    void aConnectionWithoutTlsIsRefusedByTheServer() {
        assertTrue(
                refused(with(server.fresh(), "sslmode", "disable")).getMessage().contains("pg_hba.conf"));
    }

    @Test
    void anUnknownOptionIsNamed() {
        assertTrue(refused(with(server.fresh(), "sslmodus", "require"))
                .getMessage()
                .contains("sslmodus"));
    }

    @Test
    void itsRoleMayNothingBeyondItsOwnSchema() throws Exception {
        var own = server.fresh();
        var other = server.fresh();
        Store.open(own).close();
        try (var connection = PostgresServer.source(own).getConnection();
                var sql = connection.createStatement()) {
            assertThrows(java.sql.SQLException.class, () -> sql.execute("CREATE TABLE public.t (x INT)"));
            assertThrows(java.sql.SQLException.class, () -> sql.execute("CREATE TEMPORARY TABLE t (x INT)"));
            assertThrows(java.sql.SQLException.class, () -> sql.execute("CREATE ROLE helper"));
            assertThrows(java.sql.SQLException.class, () -> sql.execute("CREATE DATABASE more"));
            assertThrows(java.sql.SQLException.class, () -> sql.execute("COPY (SELECT 1) TO '/tmp/out'"));
        }
        assertThrows(
                StoreFault.class,
                () -> Store.open(new Database.Postgres(
                        other.host(), other.port(), other.name(), own.user(), own.password(), own.properties())));
    }

    @Test
    void theConnectionIsEncryptedAndTheCommitWaitsForTheDisk() {
        try (var store = Store.open(server.fresh())) {
            assertEquals(
                    1,
                    store.number(
                            "SELECT CASE WHEN ssl THEN 1 ELSE 0 END FROM pg_stat_ssl WHERE pid = pg_backend_pid()"));
            assertEquals(
                    "on",
                    store.write(tx -> tx.one(row -> row.text(1), "SHOW synchronous_commit"))
                            .orElseThrow());
        }
    }

    @Test
    void afterEveryConnectionWasCutItServesAgain() {
        var database = server.fresh();
        try (var store = Store.open(database)) {
            store.write(tx -> tx.insert(ADD, "before", 1L));
            server.execute(
                    "postgres",
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + database.user() + "'");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> store.write(tx -> tx.insert(
                                            "INSERT INTO device (id, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
                                            "after",
                                            2L))
                                    >= 0
                            && store.number("SELECT count(*) FROM device") == 2);
        }
    }

    @Test
    void whileTheServerTakesNoConnectionWritesFailSoonAndAfterwardsTheyAreServed() {
        var database = server.fresh();
        try (var store = Store.open(database)) {
            server.execute("postgres", "ALTER ROLE " + database.user() + " NOLOGIN");
            server.execute(
                    "postgres",
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + database.user() + "'");
            for (int i = 0; i < 2; i++) {
                var began = System.nanoTime();
                assertThrows(StoreUnavailable.class, () -> store.write(tx -> tx.insert(ADD, "during", 1L)));
                assertTrue(Duration.ofNanos(System.nanoTime() - began).toSeconds() < 20);
            }
            var many = java.util.stream.IntStream.range(0, 50)
                    .mapToObj(i -> store.writeLater(tx -> tx.insert(ADD, "m" + i, 1L)))
                    .toList();
            var began = System.nanoTime();
            many.forEach(one -> assertThrows(java.util.concurrent.CompletionException.class, one::join));
            assertTrue(Duration.ofNanos(System.nanoTime() - began).toSeconds() < 40, "a whole queue fails together");
            server.execute("postgres", "ALTER ROLE " + database.user() + " LOGIN");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> store.write(tx -> tx.insert(ADD, "after", 2L)) == 1);
            assertEquals(1, store.number("SELECT count(*) FROM device"));
        }
    }

    private Database.Postgres at(int port, Map<String, String> properties) {
        return new Database.Postgres("127.0.0.1", port, "whatsapp", "whatsapp", "secret", properties);
    }

    private static Database.Postgres with(Database.Postgres server, String option, String value) {
        var properties = new HashMap<>(server.properties());
        properties.put(option, value);
        return new Database.Postgres(
                server.host(), server.port(), server.name(), server.user(), server.password(), properties);
    }

    private static StoreFault refused(Database database) {
        return assertThrows(StoreFault.class, () -> Store.open(database).close());
    }
}
