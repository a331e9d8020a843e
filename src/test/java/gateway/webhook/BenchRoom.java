package gateway.webhook;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import gateway.engine.Event;
import gateway.store.Database;
import gateway.store.Store;

/** The webhook room as the server runs it, for measuring. */
public final class BenchRoom implements AutoCloseable {
    private final Store store;
    private final Webhooks webhooks;

    public BenchRoom(Path directory, List<String> urls) {
        store = Store.open(new Database.Sqlite(directory.resolve("whatsapp.db")));
        store.write(tx -> tx.insert("INSERT INTO device (id, created_at) VALUES ('main', 1) ON CONFLICT (id) DO NOTHING"));
        webhooks = new Webhooks(Rig.parts(directory, store, InstantSource.system(), Optional.empty()),
                IntStream.range(0, urls.size()).mapToObj(i -> Rig.endpoint("e" + i, urls.get(i))).toList());
    }

    /** Stores an event durably and sets it going; what came of the storing is reported by the future alone. */
    public java.util.concurrent.CompletableFuture<Void> happen(int number) {
        Event event = Rig.message("m" + number, "a message of ordinary length, neither long nor short");
        var notice = webhooks.notice(Rig.ACCOUNT, event);
        return store.writeLater(tx -> {
            webhooks.enqueue(tx, notice);
            return null;
        }).thenAccept(done -> webhooks.wake(notice));
    }

    public long delivered() {
        return store.number("SELECT count(*) FROM delivery WHERE state = 1");
    }

    @Override
    public void close() {
        webhooks.close();
        store.close();
    }
}
