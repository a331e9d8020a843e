package gateway.store;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads a SQLite database beside the gateway that writes it, without a change of the file or its schema. */
public final class SqliteLook {
    private static final int PATIENCE_MILLIS = 1_000;
    private static final int PATIENCE_SECONDS = 3;

    private SqliteLook() {}

    /**
     * The rows of a query, each value as text.
     *
     * @throws StoreFault when the database is not there or cannot be read
     */
    public static List<List<String>> rows(Path database, String sql) {
        if (Files.notExists(database, LinkOption.NOFOLLOW_LINKS)) {
            throw new StoreFault("There is no database " + database + " yet.");
        }
        // 1 is SQLITE_OPEN_READONLY: no write, no new file, no change of the schema.
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database + "?open_mode=1&busy_timeout="
                        + PATIENCE_MILLIS + "&mmap_size=0&temp_store=MEMORY");
                var statement = connection.createStatement()) {
            statement.setQueryTimeout(PATIENCE_SECONDS);
            try (var answer = statement.executeQuery(sql)) {
                int width = answer.getMetaData().getColumnCount();
                var rows = new ArrayList<List<String>>();
                while (answer.next()) {
                    var row = new ArrayList<String>();
                    for (int i = 1; i <= width; i++) {
                        row.add(String.valueOf(answer.getString(i)));
                    }
                    rows.add(row);
                }
                return rows;
            }
        } catch (SQLException e) {
            throw SqliteTrouble.fault(database, e);
        }
    }
}
