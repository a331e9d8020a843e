package gateway.messaging;

import gateway.engine.ContentJson;
import gateway.engine.Event;
import gateway.store.Tx;

/** A message that WhatsApp took and refuses afterwards: its row says so, and its chat shows the reason. */
final class LateFailure {
    private LateFailure() {}

    /**
     * Notes the failure. False when it is known already, or nothing is left of the message.
     *
     * @param storage what chats keep of a message
     */
    static boolean note(Tx tx, ChatStorage storage, String device, Event.Failed failed, long now) {
        var why = failed.code() == 0 ? failed.why() : failed.why() + " (" + failed.code() + ")";
        var taken = OutboxTable.taken(tx, device, failed.id(), failed.chat());
        taken.ifPresent(row -> {
            OutboxTable.failedLater(tx, row.seq(), why, now);
            if (row.waiting() && row.shown()) {
                // The failure came before the message's own mark could be written.
                Chats.keep(
                        tx,
                        device,
                        failed.chat(),
                        "",
                        new Chats.Message(
                                failed.id(),
                                failed.chat().toString(),
                                row.sender(),
                                true,
                                storage.kept(ContentJson.read(row.json())),
                                row.acceptedAt(),
                                now,
                                now),
                        now);
            }
        });
        return Chats.refused(tx, device, failed.chat(), failed.id(), why) > 0 || taken.isPresent();
    }
}
