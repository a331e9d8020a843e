package gateway.messaging;

import java.util.List;

import gateway.store.Read;

/**
 * A page of the messages of one chat.
 *
 * @param total how many messages all pages have
 */
record MessagePage(List<History.Shown> rows, long total) {
    /** Messages that wait, by the names of those that are kept. */
    private static final String WAITING =
            "(SELECT device, chat, seq, message_id AS id, 1 AS from_me, kind, accepted_at AS sent_at FROM ";

    /** The messages that wait, looked for among all that were accepted last. */
    static final String ANYWHERE = WAITING + OutboxShown.SHOWN_LAST + ") AS waits";
    /** The messages that wait, of numbers in a JSON array, which is the first parameter; for SQLite. */
    static final String AMONG = WAITING + OutboxShown.SHOWN_AMONG + ") AS waits";
    /**
     * A page of both, %1$s being the conditions and %4$s the way to what is kept. No more of what is kept is put in
     * order than the page can reach, and what waits is looked for once. The last column says how many wait.
     */
    private static final String BOTH = """
            WITH waiting AS MATERIALIZED (SELECT seq, id, sent_at FROM %2$s%1$s),
                page AS (SELECT seq, id, sent_at FROM (
                    SELECT * FROM (SELECT 0 AS seq, id, sent_at FROM message%4$s%1$s ORDER BY sent_at DESC, id LIMIT ?) AS kept
                    UNION ALL SELECT seq, id, sent_at FROM waiting) AS listed ORDER BY sent_at DESC, id LIMIT ? OFFSET ?)
            SELECT p.id, coalesce(m.sender, o.sender), coalesce(m.from_me, 1), coalesce(m.kind, o.kind), coalesce(m.body, ''),
                CASE WHEN m.id IS NULL THEN o.content WHEN m.%3$s THEN m.content ELSE '' END, p.sent_at,
                coalesce(m.created_at, o.accepted_at), coalesce(m.updated_at, o.accepted_at), coalesce(m.refused, ''),
                coalesce(m.starred, 0), CASE WHEN p.seq > 0 THEN 1 ELSE 0 END, (SELECT count(*) FROM waiting)
            FROM page p LEFT JOIN message m ON p.seq = 0 AND m.device = ? AND m.chat = ? AND m.id = p.id
                LEFT JOIN outbox o ON o.seq = p.seq ORDER BY p.sent_at DESC, p.id""";

    /**
     * Both kept and waiting: one that is on its way from one to the other is seen once.
     *
     * @param kept how many of the messages that the filter finds are kept
     * @param waits {@link #ANYWHERE} or {@link #AMONG}
     * @param numbers the parameter of {@link #AMONG}
     */
    static MessagePage both(
            Read read,
            String device,
            String jid,
            long kept,
            Chats.MessageQuery query,
            HistoryFilter filter,
            String waits,
            List<String> numbers) {
        long[] waiting = {0};
        var page = History.behind(filter, query);
        List<History.Shown> rows = query.offset() >= kept + OutboxShown.MAX_SHOWN
                ? List.of()
                : read.all(
                        row -> {
                            waiting[0] = row.number(13);
                            return History.Shown.of(row);
                        },
                        BOTH.formatted(page.sql(), waits, History.MORE_THAN_WORDS, page.way()),
                        page.twice(
                                numbers,
                                (long) query.limit() + query.offset(),
                                query.limit(),
                                query.offset(),
                                device,
                                jid));
        if (rows.isEmpty() || query.before().isPresent()) {
            waiting[0] = read.number("SELECT count(*) FROM " + waits + filter.sql(), filter.behind(numbers));
        }
        return new MessagePage(rows, kept + waiting[0]);
    }
}
