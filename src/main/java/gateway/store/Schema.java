package gateway.store;

import java.sql.SQLException;
import javax.sql.DataSource;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Brings the tables to this program's version. The files are {@code migration/V<n>__<what>.sql}, one set for both
 * dialects, and only ever added to. There is no V6.
 */
final class Schema {
    /** The number of the newest migration file. */
    static final int NEWEST = 23;

    private static final System.Logger LOG = System.getLogger(Schema.class.getName());

    private Schema() {}

    /**
     * Leaves a database of this version. Flyway, which costs some hundred milliseconds of class loading, is woken only
     * when there is something to do.
     *
     * @throws StoreFault when the database is newer than the program, or a migration failed
     */
    static void bring(DataSource database, SqlDialect dialect) {
        int present = version(database);
        if (present == NEWEST) {
            return;
        }
        if (present > NEWEST) {
            throw new StoreFault("The database has schema version " + present + ", this program knows " + NEWEST
                    + ". Start the newer program again, or restore the backup made before it.");
        }
        if (present > 0) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "The database is brought from schema version {0} to {1}; a large one takes a while.",
                    present,
                    NEWEST);
        }
        try {
            Flyway.configure(Schema.class.getClassLoader())
                    .dataSource(database)
                    .locations("classpath:gateway/store/migration")
                    .placeholders(dialect.placeholders())
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            if (StoreUnavailable.isOutage(e)) {
                throw StoreFault.passing(
                        "The database could not be brought to schema version " + NEWEST + " now: "
                                + StoreUnavailable.reason(e) + ". It was left as it is, and the next start goes on.",
                        e);
            }
            throw new StoreFault(
                    "The database could not be brought to schema version " + NEWEST + "; it was left as it is. Cause: "
                            + e.getMessage(),
                    e);
        }
    }

    /** Whether no table of ours was ever made. */
    static boolean isEmpty(DataSource database) {
        return version(database) == 0;
    }

    /** The version the database has; 0 when it is empty. */
    static int version(DataSource database) {
        try (var connection = database.getConnection();
                var tables = connection
                        .getMetaData()
                        .getTables(null, connection.getSchema(), "flyway_schema_history", null)) {
            if (!tables.next()) {
                return 0;
            }
            try (var statement = connection.createStatement();
                    var newest = statement.executeQuery(
                            "SELECT max(CAST(version AS INTEGER)) FROM flyway_schema_history WHERE success")) {
                newest.next();
                return newest.getInt(1);
            }
        } catch (SQLException e) {
            var sentence = "The database cannot be read: " + StoreUnavailable.reason(e) + ".";
            throw StoreUnavailable.isOutage(e) ? StoreFault.passing(sentence, e) : new StoreFault(sentence, e);
        }
    }
}
