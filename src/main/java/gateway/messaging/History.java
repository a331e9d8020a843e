package gateway.messaging;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import gateway.budget.Share;
import gateway.engine.Attachment;
import gateway.engine.Content;
import gateway.engine.Jid;
import gateway.messaging.Chats.Chat;
import gateway.store.Read;
import gateway.store.Row;
import gateway.store.Store;

/**
 * The lists of an account's chats and of the messages in them. Each list is one read: its total, its rows and what
 * stands beside them are of the same moment.
 */
public final class History {
    /** What a text takes from the request's share, in bytes for each character: its row, and what is made of it. */
    private static final long TEXT_TIMES = 3;
    /** Rows of a list that is read out of turn; a chat's row is a fifth of a message's. */
    private static final int SHORT = 20;

    private static final int SHORT_CHATS = 50;
    private static final String CHAT =
            "jid, name, last_message_at, ephemeral, archived, pinned, created_at, updated_at, messages";
    /** What is shown of a message. Only a file's is in the content alone; a text that is kept is in its body. */
    private static final String KEPT = "SELECT id, sender, from_me, kind, body, CASE WHEN " + Chats.MEDIA
            + " THEN content ELSE '' END," + " sent_at, created_at, updated_at, refused FROM message";
    /** The messages of a chat that wait, by the names of those that are kept. */
    private static final String WAITING =
            "(SELECT device, chat, seq, message_id AS id, 1 AS from_me, kind, accepted_at AS sent_at FROM "
                    + OutboxShown.SHOWN_LAST + ") AS waits";
    /**
     * A page of both, %1$s being the conditions: no more of what is kept is put in order than the page can reach, and
     * what waits is looked for once. Behind the columns of {@link #KEPT} stands how many wait.
     */
    private static final String BOTH = """
            WITH waiting AS MATERIALIZED (SELECT seq, id, sent_at FROM %2$s%1$s),
                page AS (SELECT seq, id, sent_at FROM (
                    SELECT * FROM (SELECT 0 AS seq, id, sent_at FROM message%1$s ORDER BY sent_at DESC, id LIMIT ?) AS kept
                    UNION ALL SELECT seq, id, sent_at FROM waiting) AS listed ORDER BY sent_at DESC, id LIMIT ? OFFSET ?)
            SELECT p.id, coalesce(m.sender, o.sender), coalesce(m.from_me, 1), coalesce(m.kind, o.kind), coalesce(m.body, ''),
                CASE WHEN m.id IS NULL THEN o.content WHEN m.%3$s THEN m.content ELSE '' END, p.sent_at,
                coalesce(m.created_at, o.accepted_at), coalesce(m.updated_at, o.accepted_at), coalesce(m.refused, ''),
                (SELECT count(*) FROM waiting)
            FROM page p LEFT JOIN message m ON p.seq = 0 AND m.device = ? AND m.chat = ? AND m.id = p.id
                LEFT JOIN outbox o ON o.seq = p.seq ORDER BY p.sent_at DESC, p.id""";

    private final Store store;

    public History(Store store) {
        this.store = store;
    }

    /**
     * A message as a list shows it. Times are epoch milliseconds; {@code refused} says why WhatsApp will never take it,
     * and is empty for all others.
     */
    public record Shown(
            String id,
            String sender,
            boolean fromMe,
            String kind,
            String body,
            Optional<Attachment> file,
            long sentAt,
            long createdAt,
            long updatedAt,
            String refused) {
        static Shown of(Row row) {
            var body = row.text(5);
            var content = row.text(6);
            Share.current().take(TEXT_TIMES * body.length() + Chats.CONTENT_TIMES * content.length());
            return content.isEmpty() ? with(row, row.text(4), body, Optional.empty()) : with(row, Chats.read(content));
        }

        private static Shown with(Row row, Content content) {
            return with(
                    row,
                    content.kind(),
                    content.body(),
                    content instanceof Content.Media media ? Optional.of(media.file()) : Optional.empty());
        }

        private static Shown with(Row row, String kind, String body, Optional<Attachment> file) {
            return new Shown(
                    row.text(1),
                    row.text(2),
                    row.flag(3),
                    kind,
                    body,
                    file,
                    row.number(7),
                    row.number(8),
                    row.number(9),
                    row.text(10));
        }
    }

    /** A page of a chat's messages, with the chat and the reactions to what the page shows. */
    public record Messages(Chat chat, Chats.Page<Shown> page, List<Chats.Reaction> reactions) {}

    private record Counted(Chat chat, long messages, boolean anyReaction) {
        private static final String ONE = "SELECT " + CHAT + ", CASE WHEN EXISTS (SELECT 1 FROM reaction r"
                + " WHERE r.device = chat.device AND r.chat = chat.jid) THEN 1 ELSE 0 END FROM chat WHERE device = ? AND jid = ?";

        static Counted of(Row row) {
            return new Counted(History.chat(row), row.number(9), row.flag(10));
        }
    }

    /** Rows of a page, with how many messages there are in all. */
    private record Listed(List<Shown> rows, long total) {}

    private static Chat chat(Row row) {
        return new Chat(
                row.text(1),
                row.text(2),
                row.number(3),
                row.number(4),
                row.flag(5),
                row.flag(6),
                row.number(7),
                row.number(8));
    }

    /** The account's chats, the one with the newest message first. */
    public Chats.Page<Chat> chats(String device, Chats.ChatQuery query) {
        if (query.limit() > SHORT_CHATS) {
            Share.current().enter();
        }
        var filter = new HistoryFilter("device = ?", device);
        if (!query.name().isEmpty()) {
            filter.and(
                    "(lower(name) LIKE ? ESCAPE '\\' OR jid LIKE ? ESCAPE '\\')",
                    HistoryFilter.like(query.name()),
                    HistoryFilter.like(query.name()));
        }
        if (query.hasMedia()) {
            filter.and("EXISTS (SELECT 1 FROM message m WHERE m.device = chat.device AND m.chat = chat.jid AND m."
                    + Chats.MEDIA + ")");
        }
        query.archived().ifPresent(archived -> filter.and("archived = ?", archived ? 1 : 0));
        return store.read(read -> {
            long total = read.number("SELECT count(*) FROM chat" + filter.sql(), filter.parameters());
            var rows = rows(
                    read,
                    History::chat,
                    "SELECT " + CHAT + " FROM chat" + filter.sql() + " ORDER BY last_message_at DESC, jid",
                    filter,
                    query.limit(),
                    query.offset(),
                    total);
            return new Chats.Page<>(rows, query.limit(), query.offset(), total);
        });
    }

    /**
     * The messages of a chat, newest first, with those that wait among the 10,000 accepted last. Words are looked for
     * in what is finished. Empty when there is no such chat.
     */
    public Optional<Messages> messages(String device, Jid jid, Chats.MessageQuery query) {
        if (query.limit() > SHORT) {
            Share.current().enter();
        }
        var filter = new HistoryFilter("device = ? AND chat = ?", device, jid.toString());
        query.from().ifPresent(at -> filter.and("sent_at >= ?", at));
        query.to().ifPresent(at -> filter.and("sent_at <= ?", at));
        query.fromMe().ifPresent(mine -> filter.and("from_me = ?", mine ? 1 : 0));
        if (query.mediaOnly()) {
            filter.and(Chats.MEDIA);
        }
        if (!query.words().isEmpty()) {
            filter.and("lower(body) LIKE ? ESCAPE '\\'", HistoryFilter.like(query.words()));
        }
        return store.read(read -> read.one(Counted::of, Counted.ONE, device, jid.toString())
                .map(counted -> messages(read, device, counted, query, filter)));
    }

    private static Messages messages(
            Read read, String device, Counted counted, Chats.MessageQuery query, HistoryFilter filter) {
        var jid = counted.chat().jid();
        long kept = filter.isNarrow()
                ? read.number("SELECT count(*) FROM message" + filter.sql(), filter.parameters())
                : counted.messages();
        boolean anyWaits = query.words().isEmpty() && read.any(OutboxShown.ANY_WAITING, device);
        var listed = anyWaits
                ? both(read, device, jid, kept, query, filter)
                : new Listed(
                        rows(
                                read,
                                Shown::of,
                                KEPT + filter.sql() + " ORDER BY sent_at DESC, id",
                                filter,
                                query.limit(),
                                query.offset(),
                                kept),
                        kept);
        var rows = listed.rows();
        var page = new Chats.Page<>(rows, query.limit(), query.offset(), listed.total());
        return new Messages(
                counted.chat(),
                page,
                rows.isEmpty() || !counted.anyReaction()
                        ? List.of()
                        : Chats.reactions(
                                read,
                                device,
                                jid,
                                rows.getLast().sentAt(),
                                rows.getFirst().sentAt()));
    }

    /** Both kept and waiting: one that is on its way from one to the other is seen once. */
    private static Listed both(
            Read read, String device, String jid, long kept, Chats.MessageQuery query, HistoryFilter filter) {
        long[] waiting = {0};
        List<Shown> rows = query.offset() >= kept + OutboxShown.MAX_SHOWN
                ? List.of()
                : read.all(
                        row -> {
                            waiting[0] = row.number(11);
                            return Shown.of(row);
                        },
                        BOTH.formatted(filter.sql(), WAITING, Chats.MEDIA),
                        filter.twice(
                                (long) query.limit() + query.offset(), query.limit(), query.offset(), device, jid));
        if (rows.isEmpty()) {
            waiting[0] = read.number("SELECT count(*) FROM " + WAITING + filter.sql(), filter.parameters());
        }
        return new Listed(rows, kept + waiting[0]);
    }

    /** Nothing is walked over to find that a page lies behind the end. */
    private static <T> List<T> rows(
            Read read, Function<Row, T> row, String sql, HistoryFilter filter, int limit, int offset, long total) {
        return offset >= total ? List.of() : read.all(row, sql + " LIMIT ? OFFSET ?", filter.and(limit, offset));
    }
}
