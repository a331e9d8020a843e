package gateway.messaging;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import gateway.budget.Share;
import gateway.engine.Attachment;
import gateway.engine.Content;
import gateway.engine.Jid;
import gateway.messaging.Chats.Chat;
import gateway.messaging.LastAccepted.Where;
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
    /** SQLite takes the index that holds all of an order before the one that holds only files. */
    private static final String MEDIA_WAY = "INDEXED BY message_media";

    /** The kinds whose body does not show everything. */
    static final String MORE_THAN_WORDS = "kind IN ('image', 'video', 'audio', 'document', 'sticker',"
            + " 'video_note', 'location', 'live_location', 'contact', 'poll')";
    /** What is shown of a message. A text that is kept is in its body, and its content is not read. */
    static final String KEPT = "SELECT id, sender, from_me, kind, body, CASE WHEN " + MORE_THAN_WORDS
            + " THEN content ELSE '' END, sent_at, created_at, updated_at, refused, starred, 0 FROM message";

    private final Store store;
    private final SearchIndex index;
    private final LastAccepted lastAccepted;

    public History(Store store) {
        this.store = store;
        this.index = new SearchIndex(store);
        this.lastAccepted = new LastAccepted(store.dialect());
    }

    /**
     * A message as a list shows it. Times are epoch milliseconds.
     *
     * @param content present for the kinds whose body does not show everything
     * @param refused why WhatsApp will never take the message; empty for all others
     * @param waiting whether the message is still to be sent
     */
    public record Shown(
            String id,
            String sender,
            boolean fromMe,
            String kind,
            String body,
            Optional<Content> content,
            long sentAt,
            long createdAt,
            long updatedAt,
            String refused,
            boolean starred,
            boolean waiting) {
        /** The message's file; empty when the message has none. */
        public Optional<Attachment> file() {
            return content.flatMap(
                    any -> any instanceof Content.Media media ? Optional.of(media.file()) : Optional.empty());
        }

        static Shown of(Row row) {
            var body = row.text(5);
            var written = row.text(6);
            Share.current().take(TEXT_TIMES * body.length() + Chats.CONTENT_TIMES * written.length());
            var content = written.isEmpty() ? Optional.<Content>empty() : Optional.of(Chats.read(written));
            return new Shown(
                    row.text(1),
                    row.text(2),
                    row.flag(3),
                    content.map(Content::kind).orElseGet(() -> row.text(4)),
                    content.map(Content::body).orElse(body),
                    content,
                    row.number(7),
                    row.number(8),
                    row.number(9),
                    row.text(10),
                    row.flag(11),
                    row.flag(12));
        }
    }

    /**
     * A page of a chat's messages, with the chat and the reactions to what the page shows.
     *
     * @param state as {@link #state}
     */
    public record Messages(Chat chat, Chats.Page<Shown> page, List<Chats.Reaction> reactions, Optional<String> state) {}

    /** The account's chats, the one with the newest message first. */
    public Chats.Page<Chat> chats(String device, Chats.ChatQuery query) {
        var filter = new HistoryFilter("device = ?", device);
        if (!query.name().isEmpty()) {
            Share.current().search();
            filter.and(
                    "(lower(name) LIKE ? ESCAPE '\\' OR jid LIKE ? ESCAPE '\\')",
                    HistoryFilter.like(query.name()),
                    HistoryFilter.like(query.name()));
        } else if (query.limit() > SHORT_CHATS) {
            Share.current().enter();
        }
        if (query.hasMedia()) {
            filter.and("EXISTS (SELECT 1 FROM message m WHERE m.device = chat.device AND m.chat = chat.jid AND m."
                    + Chats.MEDIA + ")");
        }
        query.archived().ifPresent(archived -> filter.and("archived = ?", archived ? 1 : 0));
        var page = query.before()
                .map(place -> filter.behind(place, "last_message_at", "jid"))
                .orElse(filter);
        return store.read(read -> {
            long total = read.number("SELECT count(*) FROM chat" + filter.sql(), filter.parameters());
            var rows = rows(
                    read,
                    CountedChat::chat,
                    "SELECT " + CountedChat.CHAT + " FROM chat" + page.sql() + " ORDER BY last_message_at DESC, jid",
                    page,
                    query.limit(),
                    query.offset(),
                    total);
            return new Chats.Page<>(rows, query.limit(), query.offset(), total);
        });
    }

    /** What the list shows of each of these chats besides the chat itself, by the chats' addresses. */
    public Map<String, ChatPreview> previews(String device, List<Chat> chats) {
        return store.read(read -> ChatPreview.of(read, device, chats, lastAccepted));
    }

    /**
     * The messages of a chat, newest first, with those that wait among the 10,000 accepted last. Words are looked for
     * in what is finished. Empty when there is no such chat.
     */
    public Optional<Messages> messages(String device, Jid jid, Chats.MessageQuery query) {
        if (!query.words().isEmpty()) {
            Share.current().search();
        } else if (query.limit() > SHORT) {
            Share.current().enter();
        }
        return store.read(read -> read.one(CountedChat::of, CountedChat.ONE, device, jid.toString())
                .map(counted -> messages(read, device, counted, query)));
    }

    /**
     * What {@link #messages} is made from, as a text that is another one after each change of the answer; read without
     * the messages. Empty when there is no such chat, or while messages wait: those change in too many ways.
     */
    public Optional<String> state(String device, Jid jid, Chats.MessageQuery query) {
        return store.read(read -> read.one(CountedChat::of, CountedChat.ONE, device, jid.toString())
                .filter(chat -> waits(read, device, jid.toString(), query) instanceof Where.Nowhere)
                .map(chat -> chat.state(device, query)));
    }

    /**
     * Makes every {@link #state} another one than ever before. A restored database counts changes from an older number,
     * so that other changes could come to a number that readers know.
     *
     * @param now epoch milliseconds; more than the changes that any chat had since
     */
    public static void renew(Store store, long now) {
        store.write(tx -> tx.update("UPDATE chat SET changes = changes + ?", now));
    }

    private Where waits(Read read, String device, String chat, Chats.MessageQuery query) {
        var where = query.words().isEmpty() ? lastAccepted.where(read, device, chat) : new Where.Nowhere();
        return where instanceof Where.Nowhere || read.any(OutboxShown.ANY_WAITING, device)
                ? where
                : new Where.Nowhere();
    }

    private HistoryFilter filter(Read read, String device, CountedChat counted, Chats.MessageQuery query) {
        var filter = new HistoryFilter(
                "device = ? AND chat = ?", device, counted.chat().jid());
        query.from().ifPresent(at -> filter.and("sent_at >= ?", at));
        query.to().ifPresent(at -> filter.and("sent_at <= ?", at));
        query.fromMe().ifPresent(mine -> filter.also("from_me = ?", mine ? 1 : 0));
        if (query.mediaOnly()) {
            filter.and(Chats.MEDIA);
            if (index.isThere()) {
                filter.way(MEDIA_WAY);
            }
        }
        if (!query.words().isEmpty()) {
            filter.and("lower(body) LIKE ? ESCAPE '\\'", HistoryFilter.like(query.words()));
            index.narrow(read, filter, device, counted.chat().jid(), counted.messages(), query.words());
        }
        return filter;
    }

    private Messages messages(Read read, String device, CountedChat counted, Chats.MessageQuery query) {
        var jid = counted.chat().jid();
        var filter = filter(read, device, counted, query);
        long kept = filter.isNarrow()
                ? read.number("SELECT count(*) FROM message" + filter.ofTable(), filter.parameters())
                : counted.messages(query.fromMe());
        var waits = waits(read, device, jid, query);
        var listed = switch (waits) {
            case Where.Nowhere() -> new MessagePage(kept(read, kept, query, filter), kept);
            case Where.Anywhere() ->
                MessagePage.both(read, device, jid, kept, query, filter, MessagePage.ANYWHERE, List.of());
            case Where.Among(var numbers) ->
                MessagePage.both(read, device, jid, kept, query, filter, MessagePage.AMONG, List.of(numbers));
        };
        var rows = listed.rows();
        return new Messages(
                counted.chat(),
                new Chats.Page<>(rows, query.limit(), query.offset(), listed.total()),
                rows.isEmpty() || !counted.anyReaction()
                        ? List.of()
                        : Chats.reactions(
                                read,
                                device,
                                jid,
                                rows.getLast().sentAt(),
                                rows.getFirst().sentAt()),
                waits instanceof Where.Nowhere ? Optional.of(counted.state(device, query)) : Optional.empty());
    }

    static HistoryFilter behind(HistoryFilter filter, Chats.MessageQuery query) {
        return query.before()
                .map(place -> filter.behind(place, "sent_at", "id"))
                .orElse(filter);
    }

    private static List<Shown> kept(Read read, long kept, Chats.MessageQuery query, HistoryFilter filter) {
        var page = behind(filter, query);
        return rows(
                read,
                Shown::of,
                KEPT + page.ofTable() + " ORDER BY sent_at DESC, id",
                page,
                query.limit(),
                query.offset(),
                kept);
    }

    /**
     * Nothing is walked over to find that a page lies behind the end, and nothing behind the last row of the list to
     * find that it was the last.
     */
    private static <T> List<T> rows(
            Read read, Function<Row, T> row, String sql, HistoryFilter filter, int limit, int offset, long total) {
        return offset >= total
                ? List.of()
                : read.all(row, sql + " LIMIT ? OFFSET ?", filter.and(Math.min(limit, total - offset), offset));
    }
}
