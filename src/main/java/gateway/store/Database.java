package gateway.store;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Which database, and how to reach it. */
public sealed interface Database {

    /**
     * A file of our own. Durability settings are not the caller's to choose: WAL, synchronous=FULL, foreign keys.
     *
     * @param patience how long a writer waits for another process's lock
     * @param erasing whether what is deleted is overwritten with zeros ({@code secure_delete}); {@link Store#erase}
     *                 then empties the write-ahead log
     */
    record Sqlite(Path file, Duration patience, boolean erasing) implements Database {
        private static final Duration PATIENCE = Duration.ofSeconds(5);

        public Sqlite(Path file) {
            this(file, PATIENCE, false);
        }
    }

    /**
     * A PostgreSQL server, 15 or newer.
     *
     * @param passwords tried in this order, so that a change on the server and one here need not happen at the same
     *     instant
     * @param properties what the driver is given besides user and password, such as {@code sslmode} and
     *     {@code sslrootcert}
     */
    record Postgres(
            String host, int port, String name, String user, List<String> passwords, Map<String, String> properties)
            implements Database {
        public Postgres {
            passwords = List.copyOf(passwords);
            properties = Map.copyOf(properties);
        }

        public Postgres(
                String host, int port, String name, String user, String password, Map<String, String> properties) {
            this(host, port, name, user, List.of(password), properties);
        }

        /** The first of the passwords. */
        public String password() {
            return passwords.getFirst();
        }

        /** Without the password, so that it may stand in a log. */
        @Override
        public String toString() {
            return "postgresql://" + user + "@" + host + ":" + port + "/" + name;
        }
    }
}
