package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.database.Databases;
import gateway.store.SqlDialect;

/** The plans of all statements that a list of chats or messages runs: none reads the whole of a table that grows. */
@ParameterizedClass
@EnumSource(SqlDialect.class)
class PlanTest {
    private static final String CHAT = "12025550101@s.whatsapp.net";
    private static final List<String> ASKED = List.of(
            "/devices",
            "/app/devices",
            "/chats",
            "/chats?has_media=true",
            "/chats?before=5_" + CHAT,
            "/chats?search=ann&archived=true&has_media=true",
            "/chat/" + CHAT + "/messages",
            "/chat/" + CHAT + "/messages?before=1767323041000_M5",
            "/chat/" + CHAT + "/messages?offset=500",
            "/chat/" + CHAT + "/messages?search=e",
            "/chat/" + CHAT + "/messages?search=rare",
            "/chat/" + CHAT + "/messages?search=rare&before=1767323041000_M5",
            "/chat/" + CHAT + "/messages?media_only=true",
            "/chat/" + CHAT + "/messages?media_only=true&before=1767323041000_M5",
            "/chat/" + CHAT + "/messages?is_from_me=true",
            "/chat/" + CHAT + "/messages?is_from_me=false",
            "/chat/" + CHAT + "/messages?start_time=2020-01-01T00:00:00Z",
            "/chat/" + CHAT
                    + "/messages?is_from_me=true&start_time=2020-01-01T00:00:00Z&end_time=2030-01-01T00:00:00Z");
    /** A whole table, by either database's words; an index of some of its rows is not one. */
    private static final Pattern WHOLE = Pattern.compile(
            "(?:SCAN|Seq Scan on) (chat|message|m|outbox|o|event|delivery|reaction|r)\\b(?! USING (?:COVERING )?INDEX outbox_waiting)");

    /** A count by what the indexes hold: no row of the table is read for it. */
    private static final Pattern COUNT = Pattern.compile(
            "SELECT count\\(\\*\\) FROM (?:message|chat)\\b(?!.*(?:LIKE|from_me|archived)).*", Pattern.DOTALL);

    private static final Pattern INDEX_ONLY = Pattern.compile("COVERING INDEX|Index Only Scan");
    /** A page of messages that is taken from an index in its order. */
    private static final Pattern PAGE = Pattern.compile("SELECT id, sender, from_me(?!.* LIKE ).*", Pattern.DOTALL);

    private static final Pattern SORTED = Pattern.compile("TEMP B-TREE|Sort");

    @TempDir
    Path directory;

    private final SqlDialect dialect;

    PlanTest(SqlDialect dialect) {
        this.dialect = dialect;
    }

    @Test
    void noListReadsAWholeTable() {
        var statements = new ConcurrentSkipListSet<String>();
        var log = Logger.getLogger("gateway.store.Read");
        var listener = new Listener(statements);
        try (var rig = new ApiRig(directory, Databases.fresh(dialect, directory))) {
            rig.store.write(tx -> {
                tx.insert(
                        "INSERT INTO chat (device, jid, last_message_at, created_at, updated_at) VALUES ('default', ?, 1, 1, 1)",
                        CHAT);
                // More than a chat that is searched through without the index.
                return tx.insert("""
                        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
                        INSERT INTO message (device, chat, id, sender, from_me, kind, body, content, sent_at, created_at, updated_at)
                        SELECT 'default', '%s', 'M' || i, 's', i %% 2, CASE WHEN i %% 50 = 0 THEN 'image' ELSE 'text' END,
                               CASE WHEN i = 7 THEN 'e rare' ELSE 'e order' END, '{}', 1767323040000 + i, 1, 1 FROM n""".formatted(CHAT));
            });
            if (dialect == SqlDialect.POSTGRES) {
                rig.store.write(tx -> tx.run("ANALYZE message"));
            }
            log.setLevel(Level.FINER);
            log.addHandler(listener);
            // Once without a message that waits, and once beside one.
            ASKED.forEach(asked -> assertEquals(200, rig.get(asked).status(), asked));
            rig.store.write(tx -> {
                return tx.insert(
                        "INSERT INTO outbox (device, chat, message_id, content, due_at, accepted_at, kind) "
                                + "VALUES ('default', ?, 'W', '{\"kind\":\"text\"}', 99999999999999, 1767323040000, 'text')",
                        CHAT);
            });
            ASKED.forEach(asked -> assertEquals(200, rig.get(asked).status(), asked));
            log.removeHandler(listener);
            log.setLevel(null);
            assertTrue(statements.size() >= 24, "the statements are told: " + statements);
            var whole = new ArrayList<String>();
            for (var sql : statements) {
                var plan = plan(rig, sql);
                if (WHOLE.matcher(plan).find()
                        || COUNT.matcher(sql).matches()
                                && !INDEX_ONLY.matcher(plan).find()
                        || PAGE.matcher(sql).matches() && SORTED.matcher(plan).find()) {
                    whole.add(sql + "\n" + plan);
                }
            }
            assertEquals("", String.join("\n\n", whole));
            if (dialect == SqlDialect.SQLITE) {
                assertTrue(
                        statements.stream()
                                .anyMatch(sql -> plan(rig, sql).contains("search_text VIRTUAL TABLE INDEX 0:M")),
                        "words are looked up");
                assertTrue(
                        statements.stream()
                                .filter(sql -> PAGE.matcher(sql).matches() && sql.contains("chat = ? AND kind IN"))
                                .allMatch(sql -> plan(rig, sql).contains("message_media")),
                        "files are not looked for among the words");
            }
        } finally {
            log.removeHandler(listener);
            log.setLevel(null);
        }
    }

    /** The plan for any parameters. PostgreSQL takes a whole table only where it has no other way. */
    private String plan(ApiRig rig, String sql) {
        List<String> lines = rig.store.read(read -> {
            if (dialect == SqlDialect.SQLITE) {
                return read.all(row -> row.text(4), "EXPLAIN QUERY PLAN " + sql);
            }
            for (var way : List.of("seqscan", "bitmapscan")) {
                read.one(row -> 0, "SELECT set_config('enable_" + way + "', 'off', true)");
            }
            return read.all(row -> row.text(1), "EXPLAIN " + filled(sql));
        });
        return String.join("\n", lines);
    }

    /** With values that the planner cannot fold into none. */
    private static String filled(String sql) {
        return sql.replaceAll("LIMIT \\? OFFSET \\?", "LIMIT 50 OFFSET 10")
                .replace("LIMIT ?", "LIMIT 60")
                .replaceAll("(_at [<>]=?|BETWEEN|AND) \\?", "$1 5")
                .replaceAll("(from_me|archived) = \\?", "$1 = 1")
                .replace("?", "'x'");
    }

    private static final class Listener extends Handler {
        private final Set<String> heard;

        Listener(Set<String> heard) {
            this.heard = heard;
        }

        @Override
        public void publish(LogRecord told) {
            heard.add(told.getMessage());
        }

        @Override
        public void flush() {
            // Nothing is kept back.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
