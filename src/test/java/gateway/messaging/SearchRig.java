package gateway.messaging;

import java.util.List;
import java.util.Optional;

import gateway.engine.Jid;
import gateway.process.Worker;
import gateway.process.WorkerKind;
import gateway.process.Workers;
import gateway.store.SqlDialect;
import gateway.store.Store;
import gateway.store.Tx;

/** Two chats of one account whose messages are searched through, and the index of their words. */
final class SearchRig {
    static final String DEVICE = "d";
    static final String CHAT = "12025550101@s.whatsapp.net";
    static final String OTHER = "12025550102@s.whatsapp.net";
    private static final Worker WORKER = new Workers().add(WorkerKind.OUTBOX_UPKEEP);

    private SearchRig() {}

    static Chats.Page<History.Shown> found(History history, String device, Chats.MessageQuery query) {
        return history.messages(device, Jid.parse(CHAT), query).orElseThrow().page();
    }

    static Chats.MessageQuery query(String words, Optional<Boolean> mine) {
        return new Chats.MessageQuery(10, 0, Optional.empty(), Optional.empty(), Optional.empty(), mine, false, words);
    }

    static long total(Store store, String words) {
        return total(store, words, CHAT);
    }

    static long total(Store store, String words, String chat) {
        return new History(store)
                .messages(DEVICE, Jid.parse(chat), query(words, Optional.empty()))
                .map(found -> found.page().total())
                .orElse(0L);
    }

    /** Until the index holds all there is. */
    static void fill(Store store, SqlDialect dialect) {
        if (dialect == SqlDialect.SQLITE) {
            var index = new SearchIndex(store, 0);
            long last = store.number("SELECT coalesce(max(rowid), 0) FROM message");
            while (store.number("SELECT upto FROM search_mark") < last
                    || store.number("SELECT count(*) FROM search_changed") > 0) {
                index.turn(WORKER);
            }
        }
    }

    static void begin(Store store) {
        store.write(tx -> {
            tx.insert("INSERT INTO device (id, created_at) VALUES (?, 1)", DEVICE);
            for (var chat : List.of(CHAT, OTHER)) {
                tx.insert(
                        "INSERT INTO chat (device, jid, last_message_at, created_at, updated_at) VALUES (?, ?, 1, 1, 1)",
                        DEVICE,
                        chat);
            }
            return 0;
        });
    }

    static void keep(Store store, String chat, int number, String body) {
        store.writeLater(tx -> insert(tx, chat, number, body));
        if (number % 100 == 99) {
            store.write(tx -> 0);
        }
    }

    static long insert(Tx tx, String chat, int number, String body) {
        return tx.insert(
                "INSERT INTO message (device, chat, id, sender, from_me, kind, body, content, sent_at, created_at, updated_at)"
                        + " VALUES (?, ?, ?, 's', ?, 'text', ?, '{}', ?, 1, 1)",
                DEVICE,
                chat,
                chat.charAt(10) + "M" + number,
                number % 2,
                body,
                number / 3);
    }

    static void body(Store store, int number, String body) {
        store.write(tx -> tx.update(
                "UPDATE message SET body = ? WHERE device = ? AND chat = ? AND id = ?",
                body,
                DEVICE,
                CHAT,
                CHAT.charAt(10) + "M" + number));
    }

    static void remove(Store store, int number) {
        store.write(tx -> tx.delete(
                "DELETE FROM message WHERE device = ? AND chat = ? AND id = ?",
                DEVICE,
                CHAT,
                CHAT.charAt(10) + "M" + number));
    }
}
