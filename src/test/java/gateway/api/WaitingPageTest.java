package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.database.Databases;
import gateway.store.SqlDialect;

/** A chat of which some messages are kept and others wait to be sent: every page is a part of the same one list. */
@ParameterizedClass
@EnumSource(SqlDialect.class)
class WaitingPageTest {
    private static final String CHAT = "12025550101@s.whatsapp.net";
    private static final String MESSAGES = "/chat/" + CHAT + "/messages";
    private static final long BEGIN = 1_767_323_040_000L;
    private static final int ROWS = 40;

    @TempDir
    Path directory;

    private final SqlDialect dialect;
    private final Map<String, Integer> totals = new HashMap<>();

    WaitingPageTest(SqlDialect dialect) {
        this.dialect = dialect;
    }

    @Test
    void everyPageIsAPartOfOneList() {
        try (var rig = new ApiRig(directory, Databases.fresh(dialect, directory))) {
            fill(rig);
            for (var narrow : List.of(
                    "",
                    "&is_from_me=true",
                    "&is_from_me=false",
                    "&media_only=true",
                    "&start_time=2026-01-02T03:04:10Z&end_time=2026-01-02T03:04:30Z")) {
                var whole = ids(rig, "?limit=100" + narrow);
                for (int limit : new int[] {1, 7, 40}) {
                    for (int offset : new int[] {0, 1, 19, 39, 40, 41, 10_100, Integer.MAX_VALUE}) {
                        var asked = "?limit=" + limit + "&offset=" + offset + narrow;
                        int from = Math.min(offset, whole.size());
                        assertEquals(whole.subList(from, Math.min(whole.size(), from + limit)), ids(rig, asked), asked);
                    }
                }
            }
            var whole = ids(rig, "?limit=100");
            var expected = new ArrayList<String>();
            for (int n = ROWS - 1; n >= 0; n--) {
                expected.add("M%02d".formatted(n));
            }
            assertEquals(expected, whole);
        }
    }

    /** Every other one waits; those of another chat, sent ones and such as are kept already are no part of it. */
    private static void fill(ApiRig rig) {
        rig.store.write(tx -> {
            tx.insert(
                    "INSERT INTO chat (device, jid, last_message_at, created_at, updated_at) VALUES ('default', ?, 1, 1, 1)",
                    CHAT);
            for (int n = 0; n < ROWS; n++) {
                var id = "M%02d".formatted(n);
                var kind = n % 3 == 0 ? "image" : "text";
                if (n % 2 == 0) {
                    wait(tx, CHAT, id, 0, n, kind);
                } else {
                    tx.insert(
                            "INSERT INTO message (device, chat, id, sender, from_me, kind, body, content, sent_at, created_at,"
                                    + " updated_at) VALUES ('default', ?, ?, 's', ?, ?, 'b', '{}', ?, 1, 1)",
                            CHAT,
                            id,
                            n % 4 == 1 ? 1 : 0,
                            kind,
                            BEGIN + n * 1_000L);
                }
            }
            wait(tx, CHAT, "M01", 0, 1, "text");
            wait(tx, CHAT, "SENT", 1, 2, "text");
            return wait(tx, "12025550102@s.whatsapp.net", "OTHER", 0, 2, "text");
        });
    }

    private static long wait(gateway.store.Tx tx, String chat, String id, int state, int second, String kind) {
        return tx.insert(
                "INSERT INTO outbox (device, chat, message_id, content, state, due_at, accepted_at, kind) "
                        + "VALUES ('default', ?, ?, '{\"kind\":\"text\",\"body\":\"b\"}', ?, 99999999999999, ?, ?)",
                chat,
                id,
                state,
                BEGIN + second * 1_000L,
                kind);
    }

    /** What a page shows, whose total is that of the first page. */
    private List<String> ids(ApiRig rig, String query) {
        var reply = rig.get(MESSAGES + query);
        assertEquals(200, reply.status(), query);
        int total = reply.results().path("pagination").path("total").asInt();
        var narrow = query.replaceAll("limit=\\d+|offset=\\d+|[?]|&(?=offset)", "");
        assertEquals(total, totals.computeIfAbsent(narrow, it -> total), query);
        var ids = new ArrayList<String>();
        reply.results()
                .path("data")
                .forEach(message -> ids.add(message.path("id").asText()));
        return ids;
    }
}
