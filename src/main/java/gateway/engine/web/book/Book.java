package gateway.engine.web.book;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import gateway.secret.SecretCodec;
import gateway.store.Store;

/** One account's rows. Reads run at once; what is to be written is gathered in {@link KeyChanges}. */
public final class Book {
    private static final List<String> TABLES = List.of(
            "web_device",
            "web_pre_key",
            "web_signed_pre_key",
            "web_session",
            "web_identity",
            "web_sender_key",
            "web_app_state_key",
            "web_lid",
            "web_device_list",
            "web_privacy_token",
            "web_outgoing");

    private final String device;
    private final Store store;
    private final OwnKeys own;
    private final PeerKeys peers;
    private final DeviceDirectory directory;
    private final OutgoingMessages outgoing;

    public Book(String device, Store store, SecretCodec seals) {
        this.device = device;
        this.store = store;
        SealedRows rows = new SealedRows(device, store, seals);
        this.own = new OwnKeys(device, store, rows);
        this.peers = new PeerKeys(device, rows);
        this.directory = new DeviceDirectory(device, store);
        this.outgoing = new OutgoingMessages(device, store, rows);
    }

    public OwnKeys own() {
        return own;
    }

    public PeerKeys peers() {
        return peers;
    }

    public DeviceDirectory directory() {
        return directory;
    }

    public OutgoingMessages outgoing() {
        return outgoing;
    }

    public KeyChanges changes() {
        return new KeyChanges();
    }

    /** Writes them, and returns when they are on disk. */
    public void write(KeyChanges changes) {
        store.write(changes);
    }

    /** Writes them in their turn; the future completes when they are on disk. */
    public CompletableFuture<Boolean> writeLater(KeyChanges changes) {
        return store.writeLater(changes);
    }

    /** Forgets all that the account had here. */
    public KeyChanges wipe() {
        KeyChanges changes = changes();
        TABLES.forEach(table -> changes.add("DELETE FROM " + table + " WHERE device = ?", device));
        return changes;
    }
}
