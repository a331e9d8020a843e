package gateway.engine.web.book;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.signal.CurvePair;
import gateway.engine.web.signal.CurvePublic;
import gateway.engine.web.signal.PreKeys;
import gateway.engine.web.signal.SenderKeys;
import gateway.engine.web.signal.SenderKeysCodec;
import gateway.engine.web.signal.SignalSession;
import gateway.engine.web.signal.SessionCodec;
import gateway.secret.SecretCodec;
import gateway.store.Store;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** One account's rows. Reads run at once; what is to be written is gathered in {@link KeyChanges}. */
public final class Book {
    private static final List<String> TABLES = List.of("web_device", "web_pre_key", "web_signed_pre_key", "web_session",
            "web_identity", "web_sender_key", "web_app_state_key", "web_lid", "web_device_list", "web_privacy_token",
            "web_outgoing");

    private final String device;
    private final Store store;
    private final SecretCodec seals;

    public Book(String device, Store store, SecretCodec seals) {
        this.device = device;
        this.store = store;
        this.seals = seals;
    }

    /**
     * A message that went out, or is to go out.
     *
     * @param chat    the address it went to
     * @param message the encoded Message, without padding
     * @param stanza  the very bytes; empty once they were taken
     * @param takenAt epoch milliseconds; 0 until WhatsApp has taken it
     */
    public record Outgoing(String chat, byte[] message, byte[] stanza, long takenAt) {
    }

    /** A person's devices as the server listed them, and when it was asked, in epoch milliseconds. */
    public record DeviceList(List<Integer> devices, long askedAt) {
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

    public Optional<DeviceCredentials> credentials() {
        return sealed("SELECT sealed FROM web_device WHERE device = ?", "web_device", device).map(bytes -> {
            try {
                return CredentialsForm.read(bytes);
            } catch (WireRefusal e) {
                throw unreadable(e);
            }
        });
    }

    public KeyChanges keep(DeviceCredentials own) {
        String sealed = seal("web_device", "", CredentialsForm.write(own));
        DeviceCredentials.SignedPreKey signed = own.signedPreKey();
        return changes().add("""
                INSERT INTO web_device (device, sealed) VALUES (?, ?)
                ON CONFLICT (device) DO UPDATE SET sealed = excluded.sealed""", device, sealed)
                .add("""
                INSERT INTO web_signed_pre_key (device, id, sealed) VALUES (?, ?, ?)
                ON CONFLICT (device, id) DO UPDATE SET sealed = excluded.sealed""", device, signed.id(),
                        seal("web_signed_pre_key", Integer.toString(signed.id()), signed.pair().secret().bytes()));
    }

    /** Forgets all that the account had here. */
    public KeyChanges wipe() {
        KeyChanges changes = changes();
        TABLES.forEach(table -> changes.add("DELETE FROM " + table + " WHERE device = ?", device));
        return changes;
    }

    /** The view of our own pre-keys that a decryption reads. */
    public PreKeys preKeys() {
        return new PreKeys() {
            @Override
            public Optional<CurvePair> oneTime(int id) {
                return pair("web_pre_key", id);
            }

            @Override
            public Optional<CurvePair> signed(int id) {
                return pair("web_signed_pre_key", id);
            }
        };
    }

    private Optional<CurvePair> pair(String table, int id) {
        return sealed("SELECT sealed FROM " + table + " WHERE device = ? AND id = ?", table + id, device, id)
                .map(CurvePair::of);
    }

    /** The next free number of a one-time pre-key. */
    public int nextPreKey() {
        return 1 + (int) store.number("SELECT coalesce(max(id), 0) FROM web_pre_key WHERE device = ?", device);
    }

    public KeyChanges keepPreKey(int id, CurvePair pair) {
        return changes().add("INSERT INTO web_pre_key (device, id, sealed) VALUES (?, ?, ?)", device, id,
                seal("web_pre_key", Integer.toString(id), pair.secret().bytes()));
    }

    /** Gives up a used pre-key. The row of the highest number stays, emptied, so that no number is given twice. */
    public KeyChanges dropPreKey(int id) {
        return changes().add("UPDATE web_pre_key SET sealed = '' WHERE device = ? AND id = ?", device, id)
                .add("""
                        DELETE FROM web_pre_key WHERE device = ? AND sealed = '' AND id <
                        (SELECT max(id) FROM web_pre_key WHERE device = ?)""", device, device);
    }

    public Optional<SignalSession> session(String peer) {
        return sealed("SELECT sealed FROM web_session WHERE device = ? AND peer = ?", "web_session" + peer, device, peer)
                .map(bytes -> {
                    try {
                        return SessionCodec.decode(bytes);
                    } catch (WireRefusal e) {
                        throw unreadable(e);
                    }
                });
    }

    public KeyChanges keep(String peer, SignalSession session) {
        return changes().add("""
                INSERT INTO web_session (device, peer, sealed) VALUES (?, ?, ?)
                ON CONFLICT (device, peer) DO UPDATE SET sealed = excluded.sealed""", device, peer,
                seal("web_session", peer, SessionCodec.encode(session)));
    }

    public KeyChanges dropSession(String peer) {
        return changes().add("DELETE FROM web_session WHERE device = ? AND peer = ?", device, peer);
    }

    public Optional<byte[]> identity(String peer) {
        return sealed("SELECT sealed FROM web_identity WHERE device = ? AND peer = ?", "web_identity" + peer, device, peer);
    }

    public KeyChanges keepIdentity(String peer, CurvePublic identity) {
        return changes().add("""
                INSERT INTO web_identity (device, peer, sealed) VALUES (?, ?, ?)
                ON CONFLICT (device, peer) DO UPDATE SET sealed = excluded.sealed""", device, peer,
                seal("web_identity", peer, identity.raw()));
    }

    public Optional<SenderKeys> senderKeys(String chat, String sender) {
        return sealed("SELECT sealed FROM web_sender_key WHERE device = ? AND chat = ? AND sender = ?",
                "web_sender_key" + chat + " " + sender, device, chat, sender).map(bytes -> {
                    try {
                        return SenderKeysCodec.decode(bytes);
                    } catch (WireRefusal e) {
                        throw unreadable(e);
                    }
                });
    }

    public KeyChanges keep(String chat, String sender, SenderKeys keys) {
        return changes().add("""
                INSERT INTO web_sender_key (device, chat, sender, sealed) VALUES (?, ?, ?, ?)
                ON CONFLICT (device, chat, sender) DO UPDATE SET sealed = excluded.sealed""", device, chat, sender,
                seal("web_sender_key", chat + " " + sender, SenderKeysCodec.encode(keys)));
    }

    public KeyChanges keepAppStateKey(String id, byte[] key) {
        return changes().add("""
                INSERT INTO web_app_state_key (device, id, sealed) VALUES (?, ?, ?)
                ON CONFLICT (device, id) DO UPDATE SET sealed = excluded.sealed""", device, id,
                seal("web_app_state_key", id, key));
    }

    public Optional<DeviceJid> lidOf(String phone) {
        return store.one(row -> row.text(1),
                "SELECT lid FROM web_lid WHERE device = ? AND phone = ?", device, phone)
                .map(user -> DeviceJid.of(user, DeviceJid.LID));
    }

    public Optional<DeviceJid> phoneOf(String lid) {
        return store.one(row -> row.text(1),
                "SELECT phone FROM web_lid WHERE device = ? AND lid = ?", device, lid)
                .map(user -> DeviceJid.of(user, DeviceJid.PHONE));
    }

    public KeyChanges keepMapping(String lid, String phone) {
        return changes().add("DELETE FROM web_lid WHERE device = ? AND phone = ? AND lid <> ?", device, phone, lid).add("""
                INSERT INTO web_lid (device, lid, phone) VALUES (?, ?, ?)
                ON CONFLICT (device, lid) DO UPDATE SET phone = excluded.phone""", device, lid, phone);
    }

    public Optional<DeviceList> devices(String person) {
        return store.one(row -> new DeviceList(Arrays.stream(row.text(1).split(" "))
                        .filter(number -> !number.isEmpty()).map(Integer::valueOf).toList(),
                        row.number(2)),
                "SELECT devices, asked_at FROM web_device_list WHERE device = ? AND person = ?", device, person);
    }

    public KeyChanges keepDevices(String person, List<Integer> devices, long now) {
        return changes().add("""
                INSERT INTO web_device_list (device, person, devices, asked_at) VALUES (?, ?, ?, ?)
                ON CONFLICT (device, person) DO UPDATE SET devices = excluded.devices, asked_at = excluded.asked_at""",
                device, person, devices.stream().map(String::valueOf).collect(Collectors.joining(" ")), now);
    }

    public KeyChanges dropDevices(String person) {
        return changes().add("DELETE FROM web_device_list WHERE device = ? AND person = ?", device, person);
    }

    public Optional<Outgoing> outgoing(String id) {
        return store.one(row -> List.of(row.text(1), row.text(2),
                row.text(3), row.number(4)), """
                SELECT chat, message, stanza, taken_at FROM web_outgoing WHERE device = ? AND id = ?""", device, id)
                .map(row -> new Outgoing((String) row.get(0), open("web_outgoing", id, (String) row.get(1)),
                        ((String) row.get(2)).isEmpty() ? new byte[0] : open("web_outgoing stanza", id, (String) row.get(2)),
                        (long) row.get(3)));
    }

    public KeyChanges keepOutgoing(String id, Outgoing message, long now) {
        return changes().add("""
                INSERT INTO web_outgoing (device, id, chat, message, stanza, created_at) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (device, id) DO UPDATE SET message = excluded.message, stanza = excluded.stanza""",
                device, id, message.chat(), seal("web_outgoing", id, message.message()),
                seal("web_outgoing stanza", id, message.stanza()), now);
    }

    public KeyChanges taken(String id, long at) {
        return changes().add("UPDATE web_outgoing SET stanza = '', taken_at = ? WHERE device = ? AND id = ?", at, device, id);
    }

    public KeyChanges dropOutgoing(String id) {
        return changes().add("DELETE FROM web_outgoing WHERE device = ? AND id = ?", device, id);
    }

    /** The very bytes that answered a device's question for a message it could not open. */
    public Optional<byte[]> answer(String question) {
        return store.one(row -> row.text(1),
                "SELECT stanza FROM web_outgoing WHERE device = ? AND id = ?", device, question)
                .map(stored -> open("web_outgoing stanza", question, stored));
    }

    /** Keeps an answer among what went out, for as long; {@code question} is not a message's id. */
    public KeyChanges keepAnswer(String question, String chat, byte[] stanza, long now) {
        return changes().add("""
                INSERT INTO web_outgoing (device, id, chat, message, stanza, taken_at, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)""", device, question, chat, seal("web_outgoing", question, new byte[0]),
                seal("web_outgoing stanza", question, stanza), now, now);
    }

    /** Drops what was taken and is older than devices ask for; {@code before} is in epoch milliseconds. */
    public KeyChanges dropTaken(long before) {
        return changes().add("DELETE FROM web_outgoing WHERE device = ? AND created_at < ? AND taken_at > 0", device, before);
    }

    private Optional<byte[]> sealed(String sql, String owner, Object... parameters) {
        return store.one(row -> row.text(1), sql, parameters)
                .filter(text -> !text.isEmpty()).map(text -> Base64.getDecoder().decode(seals.open(owner(owner), text)));
    }

    private byte[] open(String table, String key, String sealed) {
        return Base64.getDecoder().decode(seals.open(owner(table + key), sealed));
    }

    private String seal(String table, String key, byte[] bytes) {
        return seals.seal(owner(table + key), Base64.getEncoder().encodeToString(bytes));
    }

    private String owner(String row) {
        return device + " " + row;
    }

    private static IllegalStateException unreadable(WireRefusal e) {
        return new IllegalStateException("A stored key of the multi-device engine cannot be read (" + e.getMessage()
                + "). Restore the database from a backup, or pair the account anew.", e);
    }
}
