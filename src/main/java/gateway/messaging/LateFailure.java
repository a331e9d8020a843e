package gateway.messaging;

import gateway.engine.Content;
import gateway.engine.ContentJson;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Event;
import gateway.engine.Jid;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;

/** A message that WhatsApp took and refuses afterwards: its row says so, and its chat shows the reason. */
final class LateFailure {
    private LateFailure() {
    }

    /** A message that is waiting for its mark, or has it. */
    private record Known(long seq, int state, String sender, String kind, String content, long acceptedAt) {
        static Known of(DbRow row) {
            return new Known(row.column(1).get(Number.class).longValue(), row.column(2).get(Number.class).intValue(),
                    row.column(3).get(String.class), row.column(4).get(String.class), row.column(5).get(String.class),
                    row.column(6).get(Number.class).longValue());
        }
    }

    /** Notes the failure. False when it is known already, or nothing is left of the message. */
    static boolean note(DbExecute tx, String device, Event.Failed failed, long now) {
        var why = failed.code() == 0 ? failed.why() : failed.why() + " (" + failed.code() + ")";
        var known = tx.get("""
                SELECT seq, state, sender, kind, content, accepted_at FROM outbox
                WHERE device = ? AND message_id = ? AND chat = ? AND state IN (0, 1)""",
                device, failed.id(), failed.chat().toString()).map(Known::of);
        if (known.isEmpty()) {
            return Chats.refused(tx, device, failed.chat(), failed.id(), why) > 0;
        }
        var row = known.get();
        tx.update("UPDATE outbox SET state = 2, reason = ?, error = ?, finished_at = ? WHERE seq = ?",
                Reason.REJECTED.name(), why, now, row.seq());
        if (row.state() == Outbox.WAITING && !row.kind().isEmpty()) {
            // The failure came before the message's own mark could be written.
            Chats.keep(tx, device, failed.chat(), "", message(failed, row, now), now);
        }
        Chats.refused(tx, device, failed.chat(), failed.id(), why);
        return true;
    }

    private static Chats.Message message(Event.Failed failed, Known row, long now) {
        Content content = ContentJson.read(row.content());
        Jid chat = failed.chat();
        return new Chats.Message(failed.id(), chat.toString(), row.sender(), true, content, row.acceptedAt(), now, now);
    }
}
