package gateway.messaging;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    private static final String NEWEST_WAITING =
            "SELECT message_id, sender, 1, kind, '', content, accepted_at, accepted_at, accepted_at, '', 0, 1 FROM "
                    + OutboxShown.SHOWN_LAST + " AND device = ? AND chat = ? ORDER BY seq DESC LIMIT 1";
    private static final String UNREAD = """
            SELECT count(*) FROM (SELECT 1 AS came FROM message WHERE device = ? AND chat = ? AND from_me = 0
                AND sent_at > (SELECT read_at FROM chat WHERE device = ? AND jid = ?) LIMIT\s""" + MAX_UNREAD + ") AS news";

    static Map<String, ChatPreview> of(Read read, String device, List<Chats.Chat> chats) {
        boolean anyWaits = read.any(OutboxShown.ANY_WAITING, device);
        var previews = new HashMap<String, ChatPreview>();
        for (var chat : chats) {
            var jid = chat.jid();
            var kept = read.one(History.Shown::of, NEWEST_KEPT, device, jid);
            var waiting = anyWaits
                    ? read.one(History.Shown::of, NEWEST_WAITING, device, jid)
                            .filter(message -> kept.isEmpty()
                                    || message.sentAt() >= kept.get().sentAt())
                    : Optional.<History.Shown>empty();
            previews.put(
                    jid, new ChatPreview(waiting.or(() -> kept), (int) read.number(UNREAD, device, jid, device, jid)));
        }
        return previews;
    }
}
