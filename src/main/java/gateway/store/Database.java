package gateway.store;

import java.nio.file.Path;
import java.util.Map;

/** Which database, and how to reach it. */
public sealed interface Database {

    /** A file of our own. Durability settings are not the caller's to choose: WAL, synchronous=FULL, foreign keys. */
    record Sqlite(Path file) implements Database {
    }

    /**
     * A PostgreSQL server, 15 or newer.
     *
     * @param properties what the driver is given besides user and password, such as {@code sslmode} and {@code sslrootcert}
     */
    record Postgres(String host, int port, String name, String user, String password, Map<String, String> properties)
            implements Database {
        public Postgres {
            properties = Map.copyOf(properties);
        }

        /** Without the password, so that it may stand in a log. */
        @Override
        public String toString() {
            return "postgresql://" + user + "@" + host + ":" + port + "/" + name;
        }
    }
}
