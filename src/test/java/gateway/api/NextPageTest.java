package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.database.Databases;
import gateway.store.SqlDialect;
import gateway.store.Tx;

/** A list that is read by its links: every row once, in the order of the pages by offset, whatever comes meanwhile. */
@ParameterizedClass
@EnumSource(SqlDialect.class)
class NextPageTest {
    private static final String CHAT = "12025550101@s.whatsapp.net";
    private static final String MESSAGES = "/chat/" + CHAT + "/messages";
    private static final Pattern NEXT = Pattern.compile("<(\\?[!-~&&[^<>\"]]+)>; rel=\"next\"");
    private static final long BEGIN = 1_767_323_040_000L;
    private static final int ROWS = 60;

    @TempDir
    Path directory;

    private final SqlDialect dialect;

    NextPageTest(SqlDialect dialect) {
        this.dialect = dialect;
    }

    @Test
    void theLinksLeadThroughTheWholeList() {
        try (var rig = new ApiRig(directory, Databases.fresh(dialect, directory))) {
            fill(rig);
            for (boolean waiting : new boolean[] {false, true}) {
                if (waiting) {
                    rig.store.write(tx -> {
                        for (int n = 0; n < ROWS; n += 4) {
                            wait(tx, "W " + n + "&\"<>é", n);
                        }
                        return 0;
                    });
                }
                for (var narrow : List.of(
                        "",
                        "&is_from_me=true",
                        "&is_from_me=false",
                        "&media_only=true",
                        "&search=e%25%26",
                        "&start_time=2026-01-02T03:04:05Z&end_time=2026-01-02T03:04:11Z")) {
                    var whole = rows(rig.get(MESSAGES + "?limit=100" + narrow), "id");
                    assertTrue(whole.size() > 10, narrow + " shows " + whole);
                    for (int limit : new int[] {1, 7, 59, 60, 100}) {
                        assertEquals(
                                whole,
                                walked(rig, MESSAGES, "?limit=" + limit + narrow, "id"),
                                limit + narrow + waiting);
                    }
                }
            }
            var chats = rows(rig.get("/chats?limit=100"), "jid");
            assertEquals(ROWS, chats.size());
            for (int limit : new int[] {1, 7, 60}) {
                assertEquals(chats, walked(rig, "/chats", "?limit=" + limit, "jid"));
            }
        }
    }

    @Test
    void aPageStaysWhereItWasWhenMessagesCome() {
        try (var rig = new ApiRig(directory, Databases.fresh(dialect, directory))) {
            fill(rig);
            var whole = rows(rig.get(MESSAGES + "?limit=100"), "id");
            var first = rig.get(MESSAGES + "?limit=20");
            rig.store.write(tx -> {
                for (int n = ROWS; n < ROWS + 15; n++) {
                    keep(tx, n);
                }
                return 0;
            });
            var second = rig.get(MESSAGES + next(first).orElseThrow());
            assertEquals(whole.subList(20, 40), rows(second, "id"));
            assertEquals(
                    ROWS + 15, second.results().path("pagination").path("total").asInt(), "all there are by now");
        }
    }

    @Test
    void whatIsNoPlaceIsRefusedByName() {
        try (var rig = new ApiRig(directory, Databases.fresh(dialect, directory))) {
            fill(rig);
            for (var list : List.of(MESSAGES, "/chats")) {
                for (var bad :
                        List.of("", "x", "1", "1_", "_M1", "1234567890123456_M", "99999999999999999999_M", "1.5_M")) {
                    var reply = rig.get(list + "?before=" + bad);
                    assertEquals(400, reply.status(), bad);
                    assertTrue(reply.message().startsWith("before: "), reply.message());
                }
                var both = rig.get(list + "?offset=1&before=5_M");
                assertEquals(400, both.status());
                assertTrue(both.message().startsWith("before: "), both.message());
                assertEquals(400, rig.get(list + "?before=5_" + "M".repeat(511)).status());
                var hostile = rig.get(list + "?before=5_" + encoded("' OR 1=1 --\n%_\\"));
                assertEquals(200, hostile.status());
                assertEquals(List.of(), rows(hostile, list.equals("/chats") ? "jid" : "id"));
                var all = rig.get(list + "?before=999999999999999_" + encoded("🙏") + "&offset=0");
                assertEquals(
                        50,
                        Math.max(
                                50,
                                rows(all, list.equals("/chats") ? "jid" : "id").size()));
            }
        }
    }

    /** What the links show, until there is none. */
    private static List<String> walked(ApiRig rig, String list, String query, String key) {
        var walked = new ArrayList<String>();
        int total = -1;
        for (Optional<String> at = Optional.of(query); at.isPresent(); ) {
            var page = rig.get(list + at.get());
            assertEquals(200, page.status(), at.get());
            int all = page.results().path("pagination").path("total").asInt();
            assertTrue(total < 0 || total == all, "the total of every page is that of the list");
            total = all;
            walked.addAll(rows(page, key));
            assertTrue(walked.size() <= 200, "the links end");
            at = next(page);
        }
        return walked;
    }

    private static Optional<String> next(ApiCalls.Reply page) {
        return page.headers().firstValue("Link").map(link -> {
            var next = NEXT.matcher(link);
            assertTrue(next.matches(), link);
            return next.group(1);
        });
    }

    private static List<String> rows(ApiCalls.Reply page, String key) {
        var rows = new ArrayList<String>();
        page.results().path("data").forEach(row -> rows.add(row.path(key).asText()));
        return rows;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Four messages of each second, and chats of which four have one time. */
    private static void fill(ApiRig rig) {
        rig.store.write(tx -> {
            for (int n = 0; n < ROWS; n++) {
                tx.insert(
                        "INSERT INTO chat (device, jid, last_message_at, created_at, updated_at) VALUES ('default', ?, ?, 1, 1)",
                        n == 0 ? CHAT : "1203630" + (100 + n) + "@g.us",
                        BEGIN + n / 4);
            }
            for (int n = 0; n < ROWS; n++) {
                keep(tx, n);
            }
            return 0;
        });
    }

    private static void keep(Tx tx, int n) {
        tx.insert(
                "INSERT INTO message (device, chat, id, sender, from_me, kind, body, content, sent_at, created_at, updated_at) "
                        + "VALUES ('default', ?, ?, 's', ?, ?, ?, '{}', ?, 1, 1)",
                CHAT,
                "M " + n + "&\"<>é",
                n % 3 == 0 ? 1 : 0,
                n % 2 == 0 ? "image" : "text",
                n % 5 == 0 ? "the E%&" : "b",
                BEGIN + n / 4 * 1_000L);
    }

    private static void wait(Tx tx, String id, int n) {
        tx.insert(
                "INSERT INTO outbox (device, chat, message_id, content, state, due_at, accepted_at, kind) "
                        + "VALUES ('default', ?, ?, '{\"kind\":\"text\",\"body\":\"b\"}', 0, 99999999999999, ?, 'image')",
                CHAT,
                id,
                BEGIN + n / 4 * 1_000L);
    }
}
