package gateway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.database.Databases;

/**
 * The plan of every statement of the program: none reads the whole of a table that grows, but those that are listed
 * with the reason. A statement that is put together while the program runs is listed as the whole that it becomes.
 */
@ParameterizedClass
@EnumSource(SqlDialect.class)
class StatementPlansTest {
    private static final Path LIST = Path.of("src/test/resources/gateway/store/statements.tsv");
    /**
     * As many rows as there are accounts, users, tokens, endpoints or nodes; the sandbox's are a pretended network's.
     * Of the index of words, its one mark, and the messages that were changed in the last seconds.
     */
    private static final Pattern SMALL =
            Pattern.compile("device|account_\\w+|device_(hold|pairing_link)|data_key|webhook_(endpoint|health|change)"
                    + "|session_lease|web_device|flyway_schema_history|sandbox_\\w+|search_(mark|changed)");
    /** Words of one database that the other does not know. */
    private static final Map<SqlDialect, Pattern> FOREIGN = Map.of(
            SqlDialect.SQLITE, Pattern.compile("clock_timestamp|pg_|FOR (UPDATE|(KEY )?SHARE)"),
            SqlDialect.POSTGRES,
                    Pattern.compile("sqlite_schema|\\browid\\b|search_(text|mark|changed)|INDEXED|json_each"));

    private static final Pattern NAMED =
            Pattern.compile("(?:FROM|JOIN|UPDATE|INTO) (\\w+)(?: (?:AS )?(?!SET|WHERE|ON|JOIN|LEFT|ORDER)(\\w+))?");
    private static final Pattern SQLITE_SCAN = Pattern.compile("SCAN (\\w+)(?: USING (?:COVERING )?INDEX (\\w+))?.*");
    /** What SQLite calls a scan is a search where the table is told what to look for. */
    private static final Pattern VIRTUAL_SEARCH = Pattern.compile("SCAN \\w+ VIRTUAL TABLE INDEX \\d+:.+");

    private static final Pattern POSTGRES_SCAN = Pattern.compile(
            "(?:Seq Scan|Index (?:Only )?Scan(?: Backward)? using (\\w+)) on (\\w+).*|Bitmap Index Scan on (\\w+).*");

    private static final Pattern BITMAP_HEAP = Pattern.compile("(?:-> +)?Bitmap Heap Scan on (\\w+).*");

    @TempDir
    Path directory;

    private final SqlDialect dialect;
    private Database database;

    StatementPlansTest(SqlDialect dialect) {
        this.dialect = dialect;
    }

    /** What is listed: {@code whole} statements, {@code opening}s of others, and {@code scan}s with their reason. */
    private record Listed(String kind, String text) {
        static Set<Listed> all() throws IOException {
            var all = new HashSet<Listed>();
            for (var line : Files.readAllLines(LIST)) {
                if (!line.startsWith("#") && !line.isBlank()) {
                    var parts = line.split("\t");
                    assertEquals(
                            parts[0].equals("scan") ? 3 : 2, parts.length, "kind, statement, a scan's reason: " + line);
                    all.add(new Listed(parts[0], parts[1]));
                }
            }
            return all;
        }
    }

    @Test
    void noStatementReadsTheWholeOfATableThatGrows() throws Exception {
        var listed = Listed.all();
        var stale = new HashSet<>(listed);
        var faults = new TreeSet<String>();
        var explained = new TreeSet<String>();
        for (var statement : Statements.all()) {
            if (Statements.isOpen(statement)) {
                var wholes = listed.stream()
                        .filter(one -> one.kind.equals("whole") && Statements.becomes(statement, one.text))
                        .toList();
                stale.removeAll(wholes);
                if (wholes.isEmpty()) {
                    faults.add("add what this becomes to " + LIST + ": " + statement.replace('\u0001', '…'));
                }
                wholes.forEach(whole -> explained.add(whole.text));
            } else if (!stale.remove(new Listed("opening", statement))) {
                explained.add(statement);
            }
        }
        // Of an opening, the whole is listed too, or stands in a class as it is.
        listed.stream().filter(one -> one.kind.equals("whole")).forEach(whole -> explained.add(whole.text));
        database = Databases.fresh(dialect, directory);
        try (var store = Store.open(database);
                var connection = connection()) {
            var tables = tables(connection);
            for (var statement : explained) {
                if (FOREIGN.get(dialect).matcher(statement).find()) {
                    continue;
                }
                var plan = plan(connection, statement);
                if (scans(plan, statement, tables) && !listed.contains(new Listed("scan", statement))) {
                    faults.add(statement + "\n    " + String.join("\n    ", plan));
                }
            }
        }
        assertTrue(explained.size() > 200, "statements are found: " + explained.size());
        assertEquals("", String.join("\n", faults));
        var unused = new TreeSet<String>();
        stale.stream()
                .filter(one -> !one.kind.equals("whole") && !explained.contains(one.text))
                .forEach(one -> unused.add(one.kind + " " + one.text));
        assertEquals(Set.of(), unused, "these are no statements of the program any more");
    }

    /** A connection that takes statements with unbound parameters. */
    private Connection connection() throws SQLException {
        return switch (database) {
            case Database.Sqlite file -> DriverManager.getConnection("jdbc:sqlite:" + file.file());
            case Database.Postgres server -> {
                var connection = DriverManager.getConnection(
                        "jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + server.name()
                                + "?sslmode=disable&preferQueryMode=simple",
                        "postgres",
                        "");
                try (var settings = connection.createStatement()) {
                    // PostgreSQL takes the whole of a table, as it does of an empty one, only where it has no other
                    // way.
                    for (var way : List.of("seqscan", "hashjoin", "mergejoin")) {
                        settings.execute("SET enable_" + way + " = off");
                    }
                    settings.execute("SELECT set_config('search_path', schemaname, false) FROM pg_tables"
                            + " WHERE tablename = 'outbox'");
                }
                yield connection;
            }
        };
    }

    /** The tables that grow, and of the indexes those that hold some rows only. */
    private record Tables(Set<String> growing, Set<String> partial) {}

    private Tables tables(Connection connection) throws SQLException {
        var growing = new HashSet<String>();
        var partial = new HashSet<String>();
        var sql = dialect == SqlDialect.SQLITE
                ? "SELECT type, name, coalesce(sql, '') FROM sqlite_schema"
                : "SELECT 'table', tablename, '' FROM pg_tables WHERE schemaname = current_schema()"
                        + " UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes"
                        + " WHERE schemaname = current_schema()";
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                if (rows.getString(1).equals("table")
                        && !SMALL.matcher(rows.getString(2)).matches()) {
                    growing.add(rows.getString(2));
                } else if (rows.getString(3).contains("WHERE")) {
                    partial.add(rows.getString(2));
                }
            }
        }
        assertTrue(growing.containsAll(Set.of("message", "outbox", "delivery", "event")), growing.toString());
        return new Tables(growing, partial);
    }

    private List<String> plan(Connection connection, String sql) {
        var lines = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        dialect == SqlDialect.SQLITE
                                ? "EXPLAIN QUERY PLAN " + sql
                                : "EXPLAIN (GENERIC_PLAN) " + numbered(sql))) {
            while (rows.next()) {
                lines.add(rows.getString(dialect == SqlDialect.SQLITE ? 4 : 1));
            }
            return lines;
        } catch (SQLException e) {
            throw new IllegalStateException("no plan of " + sql + ": " + e.getMessage(), e);
        }
    }

    /** Parameters as PostgreSQL itself writes them. */
    private static String numbered(String sql) {
        var text = new StringBuilder();
        int number = 0;
        for (char c : sql.toCharArray()) {
            text.append(c == '?' ? "$" + ++number : String.valueOf(c));
        }
        return text.toString();
    }

    private boolean scans(List<String> plan, String statement, Tables tables) {
        var names = new HashMap<String, String>();
        var named = NAMED.matcher(statement);
        while (named.find()) {
            names.put(named.group(1), named.group(1));
            if (named.group(2) != null) {
                names.put(named.group(2), named.group(1));
            }
        }
        for (int i = 0; i < plan.size(); i++) {
            var line = plan.get(i).strip().replaceFirst("^->\\s*", "");
            var scan = (dialect == SqlDialect.SQLITE ? SQLITE_SCAN : POSTGRES_SCAN).matcher(line);
            if (!scan.matches() || VIRTUAL_SEARCH.matcher(line).matches()) {
                continue;
            }
            var index = dialect == SqlDialect.SQLITE
                    ? scan.group(2)
                    : scan.group(3) != null ? scan.group(3) : scan.group(1);
            var table = dialect == SqlDialect.SQLITE
                    ? names.getOrDefault(scan.group(1), scan.group(1))
                    : scan.group(3) != null ? heap(plan, i) : scan.group(2);
            boolean narrowed = dialect == SqlDialect.POSTGRES
                    && index != null
                    && i + 1 < plan.size()
                    && plan.get(i + 1).strip().startsWith("Index Cond:");
            boolean grows = table == null || tables.growing.contains(table);
            if (grows && !narrowed && (index == null || !tables.partial.contains(index))) {
                return true;
            }
        }
        return false;
    }

    /** The table whose rows PostgreSQL fetches by the bitmap of this line: a line above names it. */
    private static @Nullable String heap(List<String> plan, int bitmap) {
        for (int line = bitmap - 1; line >= 0; line--) {
            var found = BITMAP_HEAP.matcher(plan.get(line).strip());
            if (found.matches()) {
                return found.group(1);
            }
        }
        return null;
    }
}
