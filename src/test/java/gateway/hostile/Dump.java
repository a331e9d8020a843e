package gateway.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** Everything a server keeps: each table row by row, and the folder of media. */
record Dump(TreeMap<String, List<String>> tables, List<String> media) {
    /** What changes by itself, with time or because somebody entered. */
    private static final Set<String> CLOCKWORK = Set.of("audit_anchor", "session_lease");

    private static final Set<String> STAMPS = Set.of("last_used");

    /** Reads what the database has. */
    @FunctionalInterface
    interface Source {
        Connection open() throws SQLException;
    }

    static Dump of(Source source, Path media) {
        var tables = new TreeMap<String, List<String>>();
        try (var connection = source.open()) {
            try (var found = connection.getMetaData().getTables(null, null, "%", new String[] {"TABLE"})) {
                while (found.next()) {
                    var name = found.getString("TABLE_NAME");
                    if (!CLOCKWORK.contains(name) && !name.startsWith("sqlite_") && !name.startsWith("sql_")) {
                        tables.put(
                                found.getString("TABLE_SCHEM") == null
                                        ? name
                                        : found.getString("TABLE_SCHEM") + "." + name,
                                List.of());
                    }
                }
            }
            for (var table : tables.keySet()) {
                tables.put(table, rows(connection, table));
            }
            return new Dump(tables, files(media));
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> rows(Connection connection, String table) throws SQLException {
        var rows = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT * FROM " + table)) {
            var columns = row.getMetaData();
            while (row.next()) {
                var text = new StringBuilder();
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                    if (!STAMPS.contains(columns.getColumnName(i))) {
                        text.append(columns.getColumnName(i))
                                .append('=')
                                .append(row.getString(i))
                                .append('|');
                    }
                }
                rows.add(text.toString());
            }
        }
        rows.sort(null);
        return rows;
    }

    private static List<String> files(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return List.of();
        }
        try (var found = Files.walk(folder)) {
            return found.filter(Files::isRegularFile)
                    .map(Path::toString)
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            // A file that went while it was looked for.
            return List.of("moving");
        }
    }

    long count() {
        return tables.values().stream().mapToLong(List::size).sum();
    }

    /** The first differences, for people. */
    String difference(Dump later) {
        var told = new StringBuilder();
        tables.forEach((table, rows) -> {
            var now = later.tables.getOrDefault(table, List.of());
            tell(told, "- " + table, rows, Set.copyOf(now));
            tell(told, "+ " + table, now, Set.copyOf(rows));
        });
        tell(told, "- media", media, Set.copyOf(later.media));
        tell(told, "+ media", later.media, Set.copyOf(media));
        return told.toString();
    }

    private static void tell(StringBuilder told, String what, List<String> rows, Set<String> others) {
        rows.stream()
                .filter(row -> !others.contains(row))
                .limit(3)
                .forEach(row -> told.append(what).append(' ').append(row).append('\n'));
    }
}
