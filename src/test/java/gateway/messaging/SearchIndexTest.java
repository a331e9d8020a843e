package gateway.messaging;

import static gateway.messaging.SearchRig.CHAT;
import static gateway.messaging.SearchRig.DEVICE;
import static gateway.messaging.SearchRig.OTHER;
import static gateway.messaging.SearchRig.begin;
import static gateway.messaging.SearchRig.body;
import static gateway.messaging.SearchRig.fill;
import static gateway.messaging.SearchRig.found;
import static gateway.messaging.SearchRig.keep;
import static gateway.messaging.SearchRig.query;
import static gateway.messaging.SearchRig.remove;
import static gateway.messaging.SearchRig.total;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.budget.BudgetMetrics;
import gateway.budget.BudgetSpent;
import gateway.budget.MemoryBudget;
import gateway.budget.Share;
import gateway.database.Databases;
import gateway.store.OldDatabase;
import gateway.store.SqlDialect;
import gateway.store.Store;

/** A search answers what a comparison of every message answers, whatever of them the index holds. */
class SearchIndexTest {
    /** More than a chat that is read whole. */
    private static final int MESSAGES = 1_300;

    private final Random random = new Random(18);
    private final SearchWords made = new SearchWords();

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(SqlDialect.class)
    void aSearchFindsWhatAComparisonOfEveryMessageFinds(SqlDialect dialect) {
        try (var store = Store.open(Databases.fresh(dialect, directory))) {
            begin(store);
            for (int n = 0; n < MESSAGES; n++) {
                keep(store, CHAT, n, made.text());
                keep(store, OTHER, n, made.text());
            }
            same(store, "nothing is in the index");
            fill(store, dialect);
            same(store, "all is in the index");
            for (int n = MESSAGES; n < MESSAGES + 50; n++) {
                keep(store, CHAT, n, made.text());
            }
            for (int n = 0; n < 120; n++) {
                int which = random.nextInt(MESSAGES);
                switch (n % 3) {
                    case 0 -> body(store, which, made.text());
                    case 1 -> body(store, which, "");
                    default -> remove(store, which);
                }
            }
            same(store, "some were changed since");
            fill(store, dialect);
            same(store, "the changes are in the index");
        }
    }

    @Test
    void theIndexIsWhatASearchLooksInto() {
        try (var store = Store.open(Databases.fresh(SqlDialect.SQLITE, directory))) {
            begin(store);
            for (int n = 0; n < MESSAGES; n++) {
                keep(store, CHAT, n, "message " + n);
            }
            fill(store, SqlDialect.SQLITE);
            assertEquals(1, total(store, "AGE 1234"));
            store.write(tx -> tx.insert("INSERT INTO search_text (search_text) VALUES ('delete-all')"));
            assertEquals(0, total(store, "age 1234"), "three characters and more are looked up");
            assertEquals(MESSAGES, total(store, "ge"), "two are looked for in all of the chat");
            new SearchIndex(store).clear();
            assertEquals(1, total(store, "age 1234"), "what is not in the index is read");
            fill(store, SqlDialect.SQLITE);
            assertEquals(1, total(store, "age 1234"));
            assertEquals(0, total(store, "age 1234", OTHER));
        }
    }

    /** SQLite gives the number of a last row once more, when that row is gone. */
    @Test
    void aMessageThatGetsTheNumberOfARemovedOneIsFound() {
        try (var store = Store.open(Databases.fresh(SqlDialect.SQLITE, directory))) {
            begin(store);
            for (int n = 0; n < MESSAGES; n++) {
                keep(store, CHAT, n, "message " + n);
            }
            fill(store, SqlDialect.SQLITE);
            for (boolean between : new boolean[] {true, false}) {
                for (int n = MESSAGES - 5; n < MESSAGES; n++) {
                    remove(store, n);
                }
                if (between) {
                    fill(store, SqlDialect.SQLITE);
                }
                for (int n = MESSAGES - 5; n < MESSAGES; n++) {
                    keep(store, CHAT, n, "another " + n + between);
                }
                assertEquals(5, total(store, "another"), "before it is taken in");
                fill(store, SqlDialect.SQLITE);
                assertEquals(5, total(store, "another"));
                assertEquals(1, total(store, "ther " + (MESSAGES - 1) + between));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SqlDialect.class)
    void aDatabaseOfTheVersionBeforeIsTakenIn(SqlDialect dialect) throws Exception {
        var database = Databases.fresh(dialect, directory);
        OldDatabase.make(
                database,
                16,
                "INSERT INTO chat (device, jid, last_message_at, created_at, updated_at) VALUES ('from-before', '"
                        + CHAT + "', 1, 1, 1)",
                """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
                INSERT INTO message (device, chat, id, sender, from_me, kind, body, content, sent_at, created_at, updated_at)
                SELECT 'from-before', '%s', 'M' || i, 's', CASE WHEN i %% 3 = 0 THEN 1 ELSE 0 END, 'text', 'before ' || i,
                       '{}', i, i, i FROM n""".formatted(CHAT));
        try (var store = Store.open(database)) {
            for (int turn = 0; turn < 2; turn++) {
                var history = new History(store);
                assertEquals(
                        1,
                        found(history, "from-before", query("fore 1499", Optional.empty()))
                                .total());
                assertEquals(
                        500,
                        found(history, "from-before", query("", Optional.of(true)))
                                .total());
                assertEquals(
                        1_000,
                        found(history, "from-before", query("", Optional.of(false)))
                                .total());
                fill(store, dialect);
            }
        }
    }

    /** An account's or a chat's end takes its messages with it, many at a time. */
    @Test
    void whatIsRemovedWithItsChatLeavesTheIndex() {
        try (var store = Store.open(Databases.fresh(SqlDialect.SQLITE, directory))) {
            begin(store);
            for (int n = 0; n < MESSAGES; n++) {
                keep(store, CHAT, n, "message " + n);
                keep(store, OTHER, n, "message " + n);
            }
            fill(store, SqlDialect.SQLITE);
            store.write(tx -> tx.delete("DELETE FROM chat WHERE jid = ?", OTHER));
            fill(store, SqlDialect.SQLITE);
            assertEquals(MESSAGES, store.number("SELECT count(*) FROM search_text"));
            assertEquals(1, total(store, "message 1234"));
        }
    }

    @Test
    void aSearchWaitsForItsTurnAndOtherListsDoNot() {
        var budget = new MemoryBudget(8 << 20, () -> false, BudgetMetrics.NONE);
        try (var store = Store.open(Databases.fresh(SqlDialect.SQLITE, directory))) {
            begin(store);
            keep(store, CHAT, 1, "one");
            var history = new History(store);
            var searching = new ArrayList<Share>();
            try {
                // As many as may search at once.
                for (int i = 0; i < Math.max(1, Runtime.getRuntime().availableProcessors() / 2); i++) {
                    var share = budget.share();
                    searching.add(share);
                    share.during(() -> Share.current().search());
                }
                try (var share = budget.share()) {
                    share.during(() -> assertThrows(
                            BudgetSpent.class, () -> found(history, DEVICE, query("o", Optional.empty()))));
                }
                try (var share = budget.share()) {
                    // A large page, which has turns too.
                    var page = new Chats.MessageQuery(
                            100, 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false, "");
                    share.during(
                            () -> assertEquals(1, found(history, DEVICE, page).total()));
                }
            } finally {
                searching.forEach(Share::close);
            }
            try (var share = budget.share()) {
                share.during(() -> assertEquals(
                        1, found(history, DEVICE, query("o", Optional.empty())).total()));
            }
        }
    }

    private void same(Store store, String when) {
        var history = new History(store);
        int found = 0;
        for (int i = 0; i < 80; i++) {
            var words = made.words();
            var listed = ids(history, words);
            var compared = store.all(
                    row -> row.text(1),
                    "SELECT id FROM message WHERE device = ? AND chat = ? AND lower(body) LIKE ? ESCAPE '\\' ORDER BY sent_at DESC, id",
                    DEVICE,
                    CHAT,
                    HistoryFilter.like(words));
            assertEquals(compared, listed, when + ", searching for \"" + words + "\"");
            found += compared.isEmpty() ? 0 : 1;
        }
        assertTrue(found > 20, when + ": searches that find something: " + found);
    }

    /** All that are found, page by page. */
    private static List<String> ids(History history, String words) {
        var ids = new ArrayList<String>();
        long total = 0;
        do {
            var page = found(
                    history,
                    DEVICE,
                    new Chats.MessageQuery(
                            100,
                            ids.size(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            false,
                            words));
            page.rows().forEach(row -> ids.add(row.id()));
            total = page.total();
        } while (ids.size() < total);
        return ids;
    }
}
