package gateway.messaging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;

import gateway.process.Worker;
import gateway.store.Read;
import gateway.store.SqlDialect;
import gateway.store.Store;

/**
 * The index of the messages' words in a SQLite file: each three characters in a row lead to the messages that have
 * them. It only narrows a search: every message that it finds is compared with the words once more. A message gets into
 * it some seconds after it was written, by {@link #turn}; until then a search reads it in any case. PostgreSQL has no
 * such index (decision 12).
 */
public final class SearchIndex {
    /** The shortest words that the index knows. */
    private static final int CHARACTERS = 3;
    /** A chat of so few messages is read whole, which takes no longer than the index does. */
    private static final int SMALL_CHAT = 1_000;
    /** Most messages outside of the index that a search reads beside it. */
    private static final int MAX_BEHIND = 10_000;
    /** Words that one message of so many has are not looked up: a row found by its number takes longer than the next one. */
    private static final int COMMON = 8;
    /** So many of the words' parts are looked up; more would find few messages less. */
    private static final int MAX_PARTS = 16;

    /** Messages that are taken in by one transaction, and their characters: some milliseconds of the writer. */
    private static final int PIECE = 128;

    private static final int PIECE_CHARACTERS = 12_000;
    private static final Duration TURN = Duration.ofSeconds(3);
    /** The writer belongs to others for so many times as long as the last piece took. */
    private static final int REST = 20;

    /**
     * What stands in the index for a message of the table {@code m}. Three characters of the private use area are its
     * chat, so that another chat's messages are not found. There is one place for them in the text: before it.
     */
    private static final String INDEXED = """
            SELECT m.rowid, char(57344 + c.rowid % 4096, 57344 + c.rowid / 4096 % 4096, 57344 + c.rowid / 16777216 % 4096) || m.body
            FROM message m JOIN chat c ON c.device = m.device AND c.jid = m.chat WHERE length(m.body) >= 3 AND m.rowid\s""";

    private static final String CHANGED =
            "IN (SELECT position FROM search_changed ORDER BY position LIMIT " + PIECE + ")";
    /**
     * The rows to look at. A row can be one of two kinds at a time, and is looked at once.
     */
    private static final String CANDIDATES = """
            rowid IN (SELECT rowid FROM search_text WHERE search_text MATCH ? UNION ALL SELECT position FROM search_changed
            UNION ALL SELECT later.rowid FROM message later WHERE later.rowid > (SELECT upto FROM search_mark))""";

    private final Store store;
    private final int rest;
    /** The commit after which nothing was left to take in. Used by the one thread of {@link #turn}. */
    private long done = -1;

    public SearchIndex(Store store) {
        this(store, REST);
    }

    /** @param rest as {@link #REST} */
    SearchIndex(Store store, int rest) {
        this.store = store;
        this.rest = rest;
    }

    /** Whether this database has the index. */
    boolean isThere() {
        return store.dialect() == SqlDialect.SQLITE;
    }

    /** Lets the filter look only at messages that can have the words, where that is less work than all of a chat. */
    void narrow(Read read, HistoryFilter filter, String device, String chat, long messages, String words) {
        if (!isThere() || messages <= SMALL_CHAT) {
            return;
        }
        var parts = parts(words.toLowerCase(Locale.ROOT));
        if (parts.isEmpty() || behind(read) > Math.min(messages, MAX_BEHIND)) {
            return;
        }
        long row = read.number("SELECT rowid FROM chat WHERE device = ? AND jid = ?", device, chat);
        var match = match(row, parts);
        long many = messages / COMMON;
        if (read.number(
                        "SELECT count(*) FROM (SELECT 1 FROM search_text WHERE search_text MATCH ? LIMIT ?)",
                        match,
                        many)
                < many) {
            filter.also(CANDIDATES, match);
            filter.way("NOT INDEXED");
        }
    }

    private static long behind(Read read) {
        return read.number("SELECT (SELECT coalesce(max(rowid), 0) FROM message) - upto"
                + " + (SELECT count(*) FROM (SELECT 1 FROM search_changed LIMIT " + MAX_BEHIND + ")) FROM search_mark");
    }

    /** Each three characters in a row; of many, some that lie evenly. */
    private static List<String> parts(String words) {
        int[] characters = words.codePoints().toArray();
        var all = new LinkedHashSet<String>();
        for (int i = 0; i + CHARACTERS <= characters.length; i++) {
            all.add(new String(characters, i, CHARACTERS));
        }
        var parts = new ArrayList<>(all);
        if (parts.size() <= MAX_PARTS) {
            return parts;
        }
        var some = new ArrayList<String>();
        for (int i = 0; i < MAX_PARTS; i++) {
            some.add(parts.get(i * parts.size() / MAX_PARTS));
        }
        return some;
    }

    private static String match(long chat, List<String> parts) {
        var match = new StringBuilder("\"")
                .append((char) (0xE000 + chat % 4096))
                .append((char) (0xE000 + chat / 4096 % 4096))
                .append((char) (0xE000 + chat / 16777216 % 4096))
                .append('"');
        for (var part : parts) {
            match.append(" AND \"").append(part.replace("\"", "\"\"")).append('"');
        }
        return match.toString();
    }

    /**
     * Takes in what was written since the last turn, a piece at a time, for some seconds at most. Asks the database nothing
     * when nobody wrote.
     */
    void turn(Worker worker) {
        long began = System.nanoTime();
        long commits = store.commits();
        while (commits != done && System.nanoTime() - began < TURN.toNanos()) {
            long before = System.nanoTime();
            if (!piece()) {
                done = commits;
                return;
            }
            commits = store.commits();
            worker.moved();
            try {
                Thread.sleep(Duration.ofNanos((System.nanoTime() - before) * rest));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** @return false when there was nothing to take in */
    private boolean piece() {
        long upto = store.number("SELECT upto FROM search_mark");
        var next = store.all(
                row -> new long[] {row.number(1), row.number(2)},
                "SELECT rowid, length(body) FROM message WHERE rowid > ? ORDER BY rowid LIMIT " + PIECE,
                upto);
        boolean changed =
                store.one(row -> true, "SELECT 1 FROM search_changed LIMIT 1").isPresent();
        if (next.isEmpty() && !changed) {
            return false;
        }
        long end = end(upto, next);
        return store.write(tx -> {
            tx.delete("DELETE FROM search_text WHERE rowid " + CHANGED);
            tx.insert("INSERT INTO search_text (rowid, body) " + INDEXED + CHANGED
                    + " AND m.rowid <= (SELECT upto FROM search_mark)");
            tx.delete("DELETE FROM search_changed WHERE position " + CHANGED);
            tx.insert(
                    "INSERT OR REPLACE INTO search_text (rowid, body) " + INDEXED
                            + "> (SELECT upto FROM search_mark) AND m.rowid <= ?",
                    end);
            // The number of the last row is given again once that row is gone.
            tx.update(
                    "UPDATE search_mark SET upto = min(max(upto, ?), (SELECT coalesce(max(rowid), 0) FROM message))",
                    end);
            return true;
        });
    }

    private static long end(long upto, List<long[]> next) {
        long end = upto;
        long characters = 0;
        for (var row : next) {
            characters += row[1];
            if (end > upto && characters > PIECE_CHARACTERS) {
                break;
            }
            end = row[0];
        }
        return end;
    }

    /** Empties the index, which is then filled anew: in a copy of a database, rows can have other numbers. */
    public void clear() {
        if (isThere()) {
            store.write(tx -> {
                tx.insert("INSERT INTO search_text (search_text) VALUES ('delete-all')");
                tx.delete("DELETE FROM search_changed");
                return tx.update("UPDATE search_mark SET upto = 0");
            });
        }
    }
}
