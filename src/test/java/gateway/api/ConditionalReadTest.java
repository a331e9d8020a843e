package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.database.Databases;
import gateway.store.SqlDialect;
import gateway.store.Work;

/** A list that its reader has already is answered 304, and never one that changed, whichever node is asked. */
@ParameterizedClass
@EnumSource(SqlDialect.class)
class ConditionalReadTest {
    private static final String CHAT = "12025550101@s.whatsapp.net";
    private static final String MESSAGES = "/chat/" + CHAT + "/messages";
    private static final String MESSAGE = "INSERT INTO message (device, chat, id, sender, from_me, kind, body, content,"
            + " sent_at, created_at, updated_at) VALUES ('default', ?, ?, 's', 0, 'text', 'words', '{}', ?, 1, 1)";

    @TempDir
    Path directory;

    private final SqlDialect dialect;

    ConditionalReadTest(SqlDialect dialect) {
        this.dialect = dialect;
    }

    private static ApiCalls.Reply asked(ApiRig rig, String path, String known) {
        return rig.send(rig.request(path).header("If-None-Match", known).GET());
    }

    private static String tag(ApiCalls.Reply reply) {
        return reply.headers().firstValue("ETag").orElse("none");
    }

    private static void fill(ApiRig rig) {
        rig.store.write(tx -> {
            tx.insert(
                    "INSERT INTO chat (device, jid, last_message_at, created_at, updated_at) VALUES ('default', ?, 1, 1, 1)",
                    CHAT);
            tx.insert(MESSAGE, CHAT, "M1", 1_000L);
            return tx.insert(MESSAGE, CHAT, "M2", 2_000L);
        });
    }

    @Test
    void aListThatIsKnownIsNotSentAgain() {
        try (var rig = new ApiRig(directory, Databases.fresh(dialect, directory))) {
            fill(rig);
            for (var list : List.of("/devices", "/chats", "/chats?limit=1", MESSAGES, MESSAGES + "?search=ord")) {
                var first = rig.get(list);
                var tag = tag(first);
                assertTrue(tag.matches("\"[A-Za-z0-9_-]{22}\""), list + " has the tag " + tag);
                for (var known : List.of(tag, "W/" + tag, "\"other\", W/" + tag + " , \"x\"", "*")) {
                    var again = asked(rig, list, known);
                    assertEquals(304, again.status(), list + " with " + known);
                    assertEquals(0, again.body().length);
                    assertEquals(tag, tag(again));
                    assertEquals(
                            "no-store",
                            again.headers().firstValue("Cache-Control").orElse(""));
                }
                for (var unknown : List.of("\"other\"", "", tag.substring(1, 10), "W/\"\"")) {
                    var again = asked(rig, list, unknown);
                    assertEquals(200, again.status(), list + " with " + unknown);
                    assertEquals(new String(first.body()), new String(again.body()));
                }
            }
            assertNotEquals(tag(rig.get(MESSAGES)), tag(rig.get(MESSAGES + "?limit=1")));
            assertNotEquals(tag(rig.get(MESSAGES)), tag(rig.get(MESSAGES + "?offset=1")));
            assertEquals(
                    404,
                    asked(rig, "/chat/12025550199@s.whatsapp.net/messages", "*").status());
        }
    }

    /** Each change by itself, made through one node and asked of another. */
    @Test
    void afterEveryChangeTheListIsSentAgain() throws Exception {
        var database = Databases.fresh(dialect, directory);
        try (var rig = new ApiRig(directory, database);
                var second = dialect == SqlDialect.POSTGRES
                        ? new ApiRig(Files.createDirectory(directory.resolve("other")), database)
                        : null) {
            // A SQLite file belongs to one node.
            var other = second == null ? rig : second;
            fill(rig);
            for (var change : changes().entrySet()) {
                var tag = tag(rig.get(MESSAGES));
                assertEquals(304, asked(other, MESSAGES, tag).status(), "before " + change.getKey());
                rig.store.write(change.getValue());
                for (var node : List.of(rig, other)) {
                    assertEquals(200, asked(node, MESSAGES, tag).status(), "after " + change.getKey());
                }
            }
            var chats = tag(rig.get("/chats"));
            rig.store.write(tx -> tx.update("UPDATE chat SET archived = 1"));
            assertEquals(200, asked(other, "/chats", chats).status());
            var devices = tag(rig.get("/devices"));
            assertEquals(304, asked(rig, "/devices", devices).status());
            rig.post("/devices", ApiCalls.object().put("device_id", "second"));
            assertEquals(200, asked(rig, "/devices", devices).status());
        }
    }

    private static Map<String, Work<?>> changes() {
        var changes = new LinkedHashMap<String, Work<?>>();
        changes.put("a message", tx -> tx.insert(MESSAGE, CHAT, "M3", 3_000L));
        changes.put("an edit", tx -> tx.update("UPDATE message SET body = 'others' WHERE id = 'M3'"));
        changes.put("a refusal", tx -> tx.update("UPDATE message SET refused = 'why' WHERE id = 'M3'"));
        changes.put(
                "a reaction",
                tx -> tx.insert(
                        "INSERT INTO reaction (device, chat, message, sender, emoji, reacted_at) VALUES ('default', ?, 'M3', 's', 'a', 1)",
                        CHAT));
        changes.put("another reaction", tx -> tx.update("UPDATE reaction SET emoji = 'b'"));
        changes.put("the end of a reaction", tx -> tx.delete("DELETE FROM reaction"));
        changes.put("the end of a message", tx -> tx.delete("DELETE FROM message WHERE id = 'M2'"));
        changes.put("a name", tx -> tx.update("UPDATE chat SET name = 'Ann'"));
        changes.put("a pin", tx -> tx.update("UPDATE chat SET pinned = 1"));
        return changes;
    }

    /** What waits changes in more ways than a chat is told of. */
    @Test
    void aListWithWaitingMessagesHasNoTag() {
        try (var rig = new ApiRig(directory, Databases.fresh(dialect, directory))) {
            fill(rig);
            var tag = tag(rig.get(MESSAGES));
            rig.store.write(tx -> tx.insert(
                    "INSERT INTO outbox (device, chat, message_id, content, state, due_at, accepted_at, kind)"
                            + " VALUES ('default', ?, 'W', '{\"kind\":\"text\",\"body\":\"b\"}', 0, 99999999999999, 5, 'text')",
                    CHAT));
            var waiting = asked(rig, MESSAGES, tag);
            assertEquals(200, waiting.status());
            assertEquals("none", tag(waiting));
            assertEquals(200, asked(rig, MESSAGES, "*").status());
            rig.store.write(tx -> tx.delete("DELETE FROM outbox"));
            assertEquals(304, asked(rig, MESSAGES, tag).status(), "it is as it was");
        }
    }
}
