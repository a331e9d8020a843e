package gateway.messaging;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import gateway.database.Databases;
import gateway.engine.Content;
import gateway.engine.Engine;
import gateway.engine.Event;
import gateway.engine.Event.Receipt.Kind;
import gateway.engine.Jid;
import gateway.store.SqlDialect;
import gateway.store.Store;

/** An inbox on a real database with messages of two people in two chats, and what its webhooks are told. */
abstract class ForgeryRig {
    static final String DEVICE = "default";
    static final Jid SELF = Jid.ofPhone("6281111111111");
    static final Jid ANN = Jid.ofPhone("6281234567890");
    static final Jid ANN_LID = new Jid("111", Jid.LID);
    static final Jid BOB = Jid.ofPhone("6281234567891");
    static final Jid GROUP = new Jid("120363025246125486", Jid.GROUP);

    @TempDir
    Path directory;

    private final SqlDialect dialect;
    final List<Event> told = new CopyOnWriteArrayList<>();
    Store store;
    private Inbox inbox;
    private Optional<Engine> engine = Optional.empty();
    private int changes;

    ForgeryRig(SqlDialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open() {
        store = Store.open(Databases.fresh(dialect, directory));
        store.write(tx -> tx.insert("INSERT INTO device (id, created_at) VALUES (?, 1)", DEVICE));
        inbox = inbox();
        says("OURS", ANN, SELF, "ours");
        says("HERS", ANN, ANN, "hers");
        says("GROUP-OURS", GROUP, SELF, "ours");
        says("GROUP-ANN", GROUP, ANN, "hers");
        told.clear();
    }

    @AfterEach
    void close() {
        store.close();
    }

    void with(Engine known) {
        engine = Optional.of(known);
        inbox = inbox();
    }

    void says(String id, Jid chat, Jid sender, String body) {
        bring(id, chat, sender, new Content.Text(body, Content.Options.NONE));
    }

    void edits(String id, Jid chat, Jid sender) {
        bring("C" + ++changes, chat, sender, new Content.Edit(id, "edited"));
    }

    void revokes(String id, Jid chat, Jid sender) {
        bring("C" + ++changes, chat, sender, new Content.Revoke(id, true));
    }

    void reacts(String id, Jid chat, Jid sender, String emoji) {
        bring("C" + ++changes, chat, sender, new Content.Reaction(id, emoji));
    }

    void bring(String id, Jid chat, Jid sender, Content content) {
        inbox.accept(new Event.Message(id, chat, sender, sender.equals(SELF), "", content, 1_000 + changes));
    }

    void receipt(Jid chat, Jid sender, Kind kind, String... ids) {
        inbox.accept(new Event.Receipt(List.of(ids), chat, sender, kind, 2_000));
    }

    /** A message of ours to Ann waits in the outbox under this id. */
    void accept(String id) {
        store.write(tx -> {
            Chats.begin(tx, DEVICE, ANN, 1);
            tx.insert("""
                    INSERT INTO outbox (device, chat, message_id, sender, kind, content, due_at, accepted_at)
                    VALUES (?, ?, ?, ?, 'text', '{"kind":"text","body":"b"}', 1, 1)""", DEVICE, ANN.toString(), id, SELF.toString());
            return null;
        });
    }

    List<String> bodies() {
        return List.of("GROUP-ANN", "GROUP-OURS", "HERS", "OURS").stream()
                .map(id -> new Chats(store)
                        .message(DEVICE, id.startsWith("GROUP") ? GROUP : ANN, id)
                        .orElseThrow()
                        .content()
                        .body())
                .toList();
    }

    private Inbox inbox() {
        return InboxRig.inbox(DEVICE, store, engine, told::add);
    }
}
