package gateway.engine.web.book;

import java.util.List;
import java.util.Optional;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.signal.CurvePublic;
import gateway.engine.web.signal.SenderKeys;
import gateway.engine.web.signal.SenderKeysCodec;
import gateway.engine.web.signal.SessionCodec;
import gateway.engine.web.signal.SignalSession;
import gateway.store.Store;

/** The keys shared with other devices: the session and the identity of each, and the sender keys of groups. */
public final class PeerKeys {
    private final String device;
    private final Store store;
    private final SealedRows rows;

    PeerKeys(String device, Store store, SealedRows rows) {
        this.device = device;
        this.store = store;
        this.rows = rows;
    }

    public Optional<SignalSession> session(String peer) {
        return rows.sealed(
                        "SELECT sealed FROM web_session WHERE device = ? AND peer = ?",
                        "web_session" + peer,
                        device,
                        peer)
                .map(bytes -> {
                    try {
                        return SessionCodec.decode(bytes);
                    } catch (WireRefusal e) {
                        throw SealedRows.unreadable(e);
                    }
                });
    }

    public KeyChanges keep(String peer, SignalSession session) {
        return new KeyChanges().add("""
                INSERT INTO web_session (device, peer, sealed) VALUES (?, ?, ?)
                ON CONFLICT (device, peer) DO UPDATE SET sealed = excluded.sealed""", device, peer, rows.seal("web_session", peer, SessionCodec.encode(session)));
    }

    public KeyChanges dropSession(String peer) {
        return new KeyChanges().add("DELETE FROM web_session WHERE device = ? AND peer = ?", device, peer);
    }

    /** The devices of a person with whom there is a session, or whose identity is kept, under this address of the person. */
    public List<String> devices(DeviceJid person) {
        return store
                .all(
                        row -> row.text(1),
                        "SELECT peer FROM web_session WHERE device = ? UNION SELECT peer FROM web_identity WHERE device = ?",
                        device,
                        device)
                .stream()
                .filter(peer -> isOf(person, peer))
                .toList();
    }

    /** Whether a device has this address of a person, beside the device's number. */
    public static boolean isOf(DeviceJid person, String peer) {
        return peer.equals(person.text())
                || peer.startsWith(person.user() + ":") && peer.endsWith("@" + person.server());
    }

    /** Forgets the session with a device, its identity, and what it sends in groups. */
    public KeyChanges drop(String peer) {
        return dropSession(peer)
                .add("DELETE FROM web_identity WHERE device = ? AND peer = ?", device, peer)
                .add(dropSenderKeys(peer));
    }

    /** Forgets the keys of what a device sends in groups. */
    public KeyChanges dropSenderKeys(String peer) {
        return new KeyChanges().add("DELETE FROM web_sender_key WHERE device = ? AND sender = ?", device, peer);
    }

    public Optional<byte[]> identity(String peer) {
        return rows.sealed(
                "SELECT sealed FROM web_identity WHERE device = ? AND peer = ?", "web_identity" + peer, device, peer);
    }

    public KeyChanges keepIdentity(String peer, CurvePublic identity) {
        return new KeyChanges().add("""
                INSERT INTO web_identity (device, peer, sealed) VALUES (?, ?, ?)
                ON CONFLICT (device, peer) DO UPDATE SET sealed = excluded.sealed""", device, peer, rows.seal("web_identity", peer, identity.raw()));
    }

    public Optional<SenderKeys> senderKeys(String chat, String sender) {
        return rows.sealed(
                        "SELECT sealed FROM web_sender_key WHERE device = ? AND chat = ? AND sender = ?",
                        "web_sender_key" + chat + " " + sender,
                        device,
                        chat,
                        sender)
                .map(bytes -> {
                    try {
                        return SenderKeysCodec.decode(bytes);
                    } catch (WireRefusal e) {
                        throw SealedRows.unreadable(e);
                    }
                });
    }

    public KeyChanges keep(String chat, String sender, SenderKeys keys) {
        return new KeyChanges()
                .add(
                        """
                INSERT INTO web_sender_key (device, chat, sender, sealed) VALUES (?, ?, ?, ?)
                ON CONFLICT (device, chat, sender) DO UPDATE SET sealed = excluded.sealed""",
                        device,
                        chat,
                        sender,
                        rows.seal("web_sender_key", chat + " " + sender, SenderKeysCodec.encode(keys)));
    }
}
