package gateway.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * All rows of a SQLite file and the files beside it, without those that hold a request as it came: a field that is kept
 * there has had no effect yet.
 */
final class Rows {
    private static final Set<String> AS_IT_CAME =
            Set.of("outbox", "idempotency", "session_lease", "audit_anchor", "data_key", "flyway_schema_history");

    private Rows() {}

    static List<String> all(Path directory) {
        var rows = new ArrayList<String>();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("whatsapp.db"))) {
            var tables = new ArrayList<String>();
            try (var found = connection
                    .createStatement()
                    .executeQuery("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")) {
                while (found.next()) {
                    tables.add(found.getString(1));
                }
            }
            for (var table : tables) {
                if (AS_IT_CAME.contains(table) || table.startsWith("sqlite_")) {
                    continue;
                }
                try (var result = connection.createStatement().executeQuery("SELECT * FROM " + table)) {
                    int columns = result.getMetaData().getColumnCount();
                    while (result.next()) {
                        var row = new StringBuilder(table);
                        for (int i = 1; i <= columns; i++) {
                            row.append('|').append(result.getString(i));
                        }
                        rows.add(row.toString());
                    }
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        try (var files = Files.walk(directory.resolve("media"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                bytes(file).ifPresent(bytes -> {
                    var sum = new CRC32();
                    sum.update(bytes);
                    rows.add("file of " + bytes.length + " bytes, sum " + sum.getValue() % 1_000_000);
                });
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    /** What is in the file; empty when it is gone: an upload's own file is removed just after the reply. */
    private static Optional<byte[]> bytes(Path file) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** The rows that only one of the lists has: {@code +} of the second list, {@code -} of the first. */
    static List<String> difference(List<String> before, List<String> after) {
        var changes = new ArrayList<String>();
        var gone = new ArrayList<>(before);
        for (var row : after) {
            if (!gone.remove(row)) {
                changes.add("+" + row);
            }
        }
        gone.forEach(row -> changes.add("-" + row));
        return changes;
    }
}
