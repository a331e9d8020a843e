package gateway.messaging;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import gateway.messaging.LastAccepted.Where;
import gateway.store.Read;

/**
 * The newest message of a chat, and how many messages came in since the account last read or wrote there.
 *
 * @param unread at most {@link #MAX_UNREAD}
 */
public record ChatPreview(Optional<History.Shown> last, int unread) {
    /** Nobody reads a larger number from a list, and counting stops there. */
    public static final int MAX_UNREAD = 100;

    private static final String NEWEST_KEPT =
            History.KEPT + " WHERE device = ? AND chat = ? ORDER BY sent_at DESC, id LIMIT 1";
    private static final String WAITING =
            "SELECT message_id, sender, 1, kind, '', content, accepted_at, accepted_at, accepted_at, '', 0, 1 FROM ";
    private static final String NEWEST = " AND device = ? AND chat = ? ORDER BY seq DESC LIMIT 1";
    private static final String NEWEST_ANYWHERE = WAITING + OutboxShown.SHOWN_LAST + NEWEST;
    private static final String NEWEST_AMONG = WAITING + OutboxShown.SHOWN_AMONG + NEWEST;
    private static final String UNREAD = """
            SELECT count(*) FROM (SELECT 1 AS came FROM message WHERE device = ? AND chat = ? AND from_me = 0
                AND sent_at > (SELECT read_at FROM chat WHERE device = ? AND jid = ?) LIMIT\s""" + MAX_UNREAD + ") AS news";

    static Map<String, ChatPreview> of(Read read, String device, List<Chats.Chat> chats, LastAccepted accepted) {
        boolean anyWaits = read.any(OutboxShown.ANY_WAITING, device);
        var previews = new HashMap<String, ChatPreview>();
        for (var chat : chats) {
            var jid = chat.jid();
            var kept = read.one(History.Shown::of, NEWEST_KEPT, device, jid);
            var waiting = (anyWaits ? newestWaiting(read, device, jid, accepted) : Optional.<History.Shown>empty())
                    .filter(message ->
                            kept.isEmpty() || message.sentAt() >= kept.get().sentAt());
            previews.put(
                    jid, new ChatPreview(waiting.or(() -> kept), (int) read.number(UNREAD, device, jid, device, jid)));
        }
        return previews;
    }

    private static Optional<History.Shown> newestWaiting(Read read, String device, String jid, LastAccepted accepted) {
        return switch (accepted.where(read, device, jid)) {
            case Where.Nowhere() -> Optional.empty();
            case Where.Anywhere() -> read.one(History.Shown::of, NEWEST_ANYWHERE, device, jid);
            case Where.Among(var numbers) -> read.one(History.Shown::of, NEWEST_AMONG, numbers, device, jid);
        };
    }
}
