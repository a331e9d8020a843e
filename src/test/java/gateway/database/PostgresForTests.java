package gateway.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import gateway.store.Database;

/**
 * A real PostgreSQL server for the tests, one for the whole run: TLS, scram-sha-256, and for every test a database of
 * its own with a role of its own, made by the very files an operator uses.
 */
public final class PostgresForTests {
    private static final String PASSWORD = "pä:ss/w@rd%";
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static PostgresForTests running;

    private final Path folder;
    private EmbeddedPostgres server;

    private PostgresForTests(Path folder, EmbeddedPostgres server) {
        this.folder = folder;
        this.server = server;
    }

    /** The run's server; started by the first who asks, stopped when the run ends. */
    public static synchronized PostgresForTests running() {
        if (running == null) {
            running = start();
            Runtime.getRuntime().addShutdownHook(new Thread(running::discard, "postgres-tests"));
        }
        return running;
    }

    /** A server for a test that stops it, and discards it in the end. */
    public static PostgresForTests start() {
        try {
            var folder = Files.createTempDirectory("postgres-tests");
            Certificates.make(folder, "authority");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            return new PostgresForTests(
                    folder,
                    settings(folder)
                            .setDataDirectoryCustomizer(data -> furnish(folder, data.toPath()))
                            .start());
        } catch (Exception e) {
            throw new IllegalStateException("PostgreSQL did not start", e);
        }
    }

    private static EmbeddedPostgres.Builder settings(Path folder) {
        return EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("data"))
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setServerConfig("ssl", "on")
                .setServerConfig("password_encryption", "scram-sha-256")
                .setServerConfig("max_connections", "300")
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on");
    }

    /** Ends the server and every connection to it; its data stays. */
    public void stop() throws IOException {
        server.close();
    }

    /** Ends it and removes its data. */
    public void discard() {
        try {
            stop();
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it again on the same data and the same port. */
    public void startAgain() throws IOException {
        server = settings(folder).setPort(server.getPort()).start();
    }

    private static void furnish(Path folder, Path data) {
        try {
            Files.copy(folder.resolve("server.crt"), data.resolve("server.crt"));
            var key = Files.copy(folder.resolve("server.key"), data.resolve("server.key"));
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
            Files.setOwner(key, Files.getOwner(data));
            Files.writeString(data.resolve("pg_hba.conf"), """
                    host    all postgres 127.0.0.1/32 trust
                    hostssl all all      127.0.0.1/32 scram-sha-256
                    """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getPort();
    }

    /** The certificate of the authority that vouches for the server. */
    public Path authority() {
        return folder.resolve("authority.crt");
    }

    /** An empty database and its role, as the gateway is told of them. */
    public Database.Postgres fresh() {
        var name = "whatsapp_" + NUMBER.incrementAndGet();
        try {
            run("postgres", Files.readString(Path.of("src/main/dist/postgresql/1-database.sql")), name);
            execute("postgres", "ALTER ROLE " + name + " PASSWORD '" + PASSWORD + "'");
            run(name, Files.readString(Path.of("src/main/dist/postgresql/2-schema.sql")), name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Database.Postgres(
                "127.0.0.1",
                port(),
                name,
                name,
                PASSWORD,
                Map.of("sslmode", "verify-full", "sslrootcert", authority().toString()));
    }

    /** The database as {@code DB_URI} names it. */
    public static String uri(Database.Postgres database) {
        return "postgresql://%s:%s@%s:%d/%s?sslmode=verify-full&sslrootcert=%s"
                .formatted(
                        database.user(),
                        URLEncoder.encode(database.password(), StandardCharsets.UTF_8),
                        database.host(),
                        database.port(),
                        database.name(),
                        database.properties().get("sslrootcert"));
    }

    /** Statement by statement, as psql does: CREATE DATABASE runs in no transaction. */
    private void run(String database, String script, String name) {
        for (var statement : script.replaceAll("(?m)--.*$", "")
                .replaceAll("\\bwhatsapp\\b", name)
                .split(";")) {
            if (!statement.isBlank()) {
                execute(database, statement);
            }
        }
    }

    /** As the superuser. */
    public void execute(String database, String statement) {
        try (var connection = superuser(database);
                var sql = connection.createStatement()) {
            sql.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(statement, e);
        }
    }

    public Connection superuser(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port() + "/" + database + "?sslmode=disable", "postgres", "");
    }
}
