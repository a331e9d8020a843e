package gateway.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the server has on disk, compared before and after a request. */
final class StoredState {
    private StoredState() {}

    /** Changes with every commit, and with every file kept. */
    static String fingerprint(Path directory) {
        var text = new StringBuilder();
        for (var table : List.of(
                "device",
                "chat",
                "message",
                "outbox",
                "reaction",
                "chat_label",
                "sandbox_account",
                "sandbox_ledger",
                "sandbox_pending",
                "sandbox_file",
                "sandbox_trouble",
                "sandbox_contact",
                "sandbox_group",
                "sandbox_member",
                "sandbox_newsletter")) {
            text.append(table).append(rows(directory, table)).append('\n');
        }
        try (var files = Files.walk(directory.resolve("media"))) {
            return text.append(files.sorted().toList()).toString();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** All that is in a table of the SQLite file. */
    private static List<String> rows(Path directory, String table) {
        var rows = new ArrayList<String>();
        try (var connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("whatsapp.db"));
                var result = connection.createStatement().executeQuery("SELECT * FROM " + table)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                var values = new StringBuilder();
                for (int i = 1; i <= columns; i++) {
                    values.append(result.getString(i)).append('|');
                }
                rows.add(values.toString());
            }
            return rows;
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
