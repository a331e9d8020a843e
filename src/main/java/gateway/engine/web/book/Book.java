package gateway.engine.web.book;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import gateway.engine.web.pairing.DeviceCredentials;
import gateway.secret.SecretCodec;
import gateway.store.LeaseLost;
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
            "web_outgoing",
            "web_poll",
            "web_collection",
            "web_record",
            "web_contact",
            "web_note");

    private final String device;
    private final Store store;
    private final OwnKeys own;
    private final PeerKeys peers;
    private final DeviceDirectory directory;
    private final OutgoingMessages outgoing;
    private final KeptPolls polls;
    private final KeptAppState appState;
    private final KeptContacts contacts;
    private final KeptNotes notes;
    private final KeptTokens tokens;
    private final KeptProxy proxy;

    public Book(String device, Store store, SecretCodec seals) {
        this.device = device;
        this.store = store;
        SealedRows rows = new SealedRows(device, store, seals);
        this.own = new OwnKeys(device, store, rows);
        this.peers = new PeerKeys(device, store, rows);
        this.directory = new DeviceDirectory(device, store);
        this.outgoing = new OutgoingMessages(device, store, rows);
        this.polls = new KeptPolls(device, store, rows);
        this.appState = new KeptAppState(device, store);
        this.contacts = new KeptContacts(device, store, rows);
        this.notes = new KeptNotes(device, store, rows);
        this.tokens = new KeptTokens(device, store, rows);
        this.proxy = new KeptProxy(device, store, rows);
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

    public KeptPolls polls() {
        return polls;
    }

    public KeptAppState appState() {
        return appState;
    }

    public KeptContacts contacts() {
        return contacts;
    }

    public KeptNotes notes() {
        return notes;
    }

    public KeptTokens tokens() {
        return tokens;
    }

    public KeptProxy proxy() {
        return proxy;
    }

    public KeyChanges changes() {
        return new KeyChanges();
    }

    /** Writes them, and returns when they are on disk. */
    public void write(KeyChanges changes) {
        store.write(changes);
    }

    /**
     * Asks the database whether this node still serves the account; changes nothing.
     *
     * @throws LeaseLost when another node does
     */
    public void checkLease() {
        // The store checks the lease before each write.
        store.write(tx -> true);
    }

    /** Writes them in their turn; the future completes when they are on disk. */
    public CompletableFuture<Boolean> writeLater(KeyChanges changes) {
        return store.writeLater(changes);
    }

    /**
     * Makes what a backup gave back safe beside what was sent after it: sessions decrypt only and are opened anew for
     * sending, and the account's own sender keys are gone, so that new ones are distributed.
     */
    public KeyChanges forReading() {
        KeyChanges changes = changes();
        store.all(row -> row.text(1), "SELECT peer FROM web_session WHERE device = ?", device)
                .forEach(peer -> peers.session(peer).ifPresent(old -> changes.add(peers.keep(peer, old.forReading()))));
        own.credentials()
                .flatMap(DeviceCredentials::paired)
                .ifPresent(paired -> Stream.concat(Stream.of(paired.jid()), paired.lid().stream())
                        .forEach(address -> changes.add(
                                "DELETE FROM web_sender_key WHERE device = ? AND sender = ?", device, address.text())));
        return changes;
    }

    /** Forgets all that the account had here. */
    public KeyChanges wipe() {
        KeyChanges changes = changes();
        TABLES.forEach(table -> changes.add("DELETE FROM " + table + " WHERE device = ?", device));
        return changes;
    }
}
