package gateway.engine.sandbox;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

import gateway.engine.Content;
import gateway.engine.ContentJson;
import gateway.engine.Jid;
import gateway.store.Row;
import gateway.store.Store;

/** What the pretended network knows about one account; all of it survives a crash. */
final class SandboxNetwork {
    /** Of the numbers set aside for fiction (North American Numbering Plan, 555-01XX): nobody is reached by mistake. */
    private static final long FIRST_NUMBER = 1_202_555_0123L;
    /** How long whoever made a message come in waits for it at most. */
    private static final Duration TOLD_WITHIN = Duration.ofSeconds(2);

    private static final long LOOK_MILLIS = 2;

    private final Store store;
    private final String device;
    private final InstantSource clock;
    private final boolean remembers;

    /** @param remembers whether the text of what was taken stays */
    SandboxNetwork(Store store, String device, InstantSource clock, boolean remembers) {
        this.remembers = remembers;
        this.store = store;
        this.device = device;
        this.clock = clock;
    }

    Optional<Jid> account() {
        return store.one(row -> Jid.parse(row.text(1)), "SELECT jid FROM sandbox_account WHERE device = ?", device);
    }

    String pushName() {
        return store.one(row -> row.text(1), "SELECT push_name FROM sandbox_account WHERE device = ?", device)
                .orElse("");
    }

    /** The lowest number that no other account of the sandbox has. */
    Jid freeNumber() {
        long number = FIRST_NUMBER;
        while (isTaken(Jid.ofPhone(Long.toString(number)))) {
            number++;
        }
        return Jid.ofPhone(Long.toString(number));
    }

    /** Whether the pretended WhatsApp has given this number to another account. */
    private boolean isTaken(Jid number) {
        return store.number(
                        "SELECT count(*) FROM sandbox_account WHERE jid = ? AND device <> ?", number.toString(), device)
                > 0;
    }

    void pair(Jid account, String pushName) {
        store.write(tx -> tx.insert(
                "INSERT INTO sandbox_account (device, jid, push_name, paired_at) VALUES (?, ?, ?, ?)",
                device,
                account.toString(),
                pushName,
                clock.millis()));
    }

    void unpair() {
        store.write(tx -> tx.delete("DELETE FROM sandbox_account WHERE device = ?", device));
    }

    /**
     * Takes a message, once per id, and makes the recipient's phone receive and read it.
     *
     * @return when it was taken: the first time, if it was offered before
     */
    long take(String wireId, Jid chat, Content content, Receipts receipts) {
        long now = clock.millis();
        return store.write(tx -> {
            var fresh =
                    tx.insert("""
                    INSERT INTO sandbox_ledger (device, wire_id, chat, content, taken_at) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (device, wire_id) DO NOTHING""", device, wireId, chat.toString(), remembers ? ContentJson.write(content) : "", now);
            if (fresh == 0) {
                return tx.one(
                                row -> row.number(1),
                                "SELECT taken_at FROM sandbox_ledger WHERE device = ? AND wire_id = ?",
                                device,
                                wireId)
                        .orElseThrow();
            }
            if (receipts.delivered() && receipts.read()) {
                tx.insert(
                        """
                        INSERT INTO sandbox_pending (device, kind, wire_id, chat, sender, due_at)
                        VALUES (?, 'delivered', ?, ?, ?, ?), (?, 'read', ?, ?, ?, ?)""",
                        device,
                        wireId,
                        chat.toString(),
                        chat.toString(),
                        now + receipts.deliveredAfter(),
                        device,
                        wireId,
                        chat.toString(),
                        chat.toString(),
                        now + receipts.readAfter());
            } else if (receipts.delivered() || receipts.read()) {
                tx.insert(
                        "INSERT INTO sandbox_pending (device, kind, wire_id, chat, sender, due_at) VALUES (?, ?, ?, ?, ?, ?)",
                        device,
                        receipts.read() ? "read" : "delivered",
                        wireId,
                        chat.toString(),
                        chat.toString(),
                        now + (receipts.read() ? receipts.readAfter() : receipts.deliveredAfter()));
            }
            return now;
        });
    }

    /** Makes a message come in. */
    void bring(String wireId, Jid chat, Jid sender, boolean fromMe, String pushName, Content content) {
        store.write(tx -> tx.insert(
                """
                INSERT INTO sandbox_pending (device, kind, wire_id, chat, sender, push_name, content, due_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                device,
                fromMe ? "own_message" : "message",
                wireId,
                chat.toString(),
                sender.toString(),
                pushName,
                ContentJson.write(content),
                clock.millis()));
    }

    /** Waits until the gateway has stored the message, so that whoever made it come in finds it at once. */
    void awaitTold(String wireId) {
        long end = System.nanoTime() + TOLD_WITHIN.toNanos();
        try {
            while (isComing(wireId) && System.nanoTime() - end < 0) {
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the gateway has not been told of this message yet, and nothing keeps it from being told now. */
    private boolean isComing(String wireId) {
        return store.number(
                        "SELECT count(*) FROM sandbox_pending WHERE device = ? AND wire_id = ? AND aside_at IS NULL",
                        device,
                        wireId)
                > 0;
    }

    /** What is due to be told to the gateway, oldest first. */
    List<Pending> due(int most) {
        return store.all(Pending::of, """
                SELECT seq, kind, wire_id, chat, sender, push_name, content, payload, due_at FROM sandbox_pending
                WHERE device = ? AND due_at <= ? AND aside_at IS NULL ORDER BY due_at, seq LIMIT ?""", device, clock.millis(), most);
    }

    /** When the next one is due, epoch milliseconds. */
    Optional<Long> nextDue() {
        return store.one(row -> row.number(1), """
                SELECT due_at FROM sandbox_pending WHERE device = ? AND aside_at IS NULL ORDER BY due_at LIMIT 1""", device);
    }

    /** The gateway has stored these: they are told. */
    void told(List<Pending> events) {
        store.write(tx -> {
            for (var event : events) {
                tx.delete("DELETE FROM sandbox_pending WHERE seq = ?", event.seq());
            }
            return null;
        });
    }

    /** The gateway cannot store this one: it is left for a person, with the reason. */
    void aside(Pending event, String why) {
        store.write(tx -> tx.update(
                "UPDATE sandbox_pending SET aside_at = ?, aside_why = ? WHERE seq = ?",
                clock.millis(),
                why,
                event.seq()));
    }

    /** When the recipient's phone answers, milliseconds after the message; negative when it never does. */
    record Receipts(long deliveredAfter, long readAfter) {
        static final Receipts NONE = new Receipts(-1, -1);

        boolean delivered() {
            return deliveredAfter >= 0;
        }

        boolean read() {
            return readAfter >= 0;
        }
    }

    /** An event waiting to be told. */
    record Pending(
            long seq,
            String kind,
            String wireId,
            String chat,
            String sender,
            String pushName,
            String content,
            String payload,
            long at) {
        static Pending of(Row row) {
            return new Pending(
                    row.number("seq"),
                    row.text("kind"),
                    row.text("wire_id"),
                    row.text("chat"),
                    row.text("sender"),
                    row.text("push_name"),
                    row.text("content"),
                    row.text("payload"),
                    row.number("due_at"));
        }
    }
}
