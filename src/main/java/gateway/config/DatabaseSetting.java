package gateway.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Where messages are kept: what {@code DB_URI} says. */
public sealed interface DatabaseSetting {

    /**
     * A SQLite file, always in WAL mode, synchronous=FULL, foreign keys on.
     *
     * @param file        the database file; relative means to the working directory
     * @param busyTimeout how long a writer waits for a lock, 1 s to 60 s
     */
    record Sqlite(Path file, Duration busyTimeout) implements DatabaseSetting {}

    /**
     * A PostgreSQL server; every part is already percent-decoded.
     *
     * @param host            a name or address, IPv6 without brackets
     * @param port            1–65535
     * @param tls             never weaker than {@link Tls#REQUIRE} when the host is not this machine
     * @param rootCertificate the file ({@code sslrootcert}) that the server's certificate is checked against
     */
    record Postgres(
            String host,
            int port,
            String name,
            String user,
            Optional<Secret> password,
            Tls tls,
            Optional<Path> rootCertificate)
            implements DatabaseSetting {}

    /** libpq's {@code sslmode}: how the connection to the server is protected. */
    enum Tls {
        DISABLE,
        ALLOW,
        PREFER,
        REQUIRE,
        VERIFY_CA,
        VERIFY_FULL;

        /** The value as it stands in a connection URI. */
        public String sslmode() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
