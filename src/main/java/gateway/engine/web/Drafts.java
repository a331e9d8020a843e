package gateway.engine.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import gateway.engine.Event;
import gateway.engine.web.book.Book;
import gateway.engine.web.book.KeptPolls;
import gateway.engine.web.book.KeyChanges;
import gateway.engine.web.book.PeerKeys;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.signal.SenderKeys;
import gateway.engine.web.signal.SignalSession;

/**
 * What some stanzas came to: events, the key state after them, and the answers that are due once both are on disk.
 * Nothing of it counts before.
 */
final class Drafts {
    final List<Event> events = new ArrayList<>();
    final List<Node> answers = new ArrayList<>();
    final List<Runnable> after = new ArrayList<>();
    final KeyChanges changes;
    /** The phone has shared keys of the app state. */
    boolean keysShared;
    /** The phone has announced a part of the history. */
    boolean historyAnnounced;

    private final Book book;
    private final KeyRoom room;
    private final Map<String, SignalSession> sessions = new HashMap<>();
    private final Map<String, SenderKeys> senderKeys = new HashMap<>();
    /** Devices whose keys end with these stanzas. */
    private final Set<String> ended = new HashSet<>();

    private final Map<String, KeptPolls.Kept> polls = new HashMap<>();

    /** To be used with the room's lock held, until the drafts are committed or given up. */
    Drafts(Book book, KeyRoom room) {
        this.book = book;
        this.room = room;
        this.changes = book.changes();
    }

    Optional<SignalSession> session(DeviceJid peer) {
        return Optional.ofNullable(sessions.get(peer.text()))
                .or(() -> ended.contains(peer.text()) ? Optional.empty() : room.session(peer.text()));
    }

    void session(DeviceJid peer, SignalSession next) {
        sessions.put(peer.text(), next);
    }

    Optional<SenderKeys> senderKeys(DeviceJid chat, DeviceJid sender) {
        return Optional.ofNullable(senderKeys.get(chat.text() + " " + sender.text()))
                .or(() -> ended.contains(sender.text())
                        ? Optional.empty()
                        : book.peers().senderKeys(chat.text(), sender.text()));
    }

    void senderKeys(DeviceJid chat, DeviceJid sender, SenderKeys next) {
        senderKeys.put(chat.text() + " " + sender.text(), next);
    }

    /**
     * Ends the sessions with all devices that have this address of a person, and the keys of what they send in groups.
     *
     * @return whether there were any keys of that person
     */
    boolean end(DeviceJid person) {
        Set<String> devices = new HashSet<>(book.peers().devices(person));
        sessions.keySet().stream().filter(peer -> PeerKeys.isOf(person, peer)).forEach(devices::add);
        sessions.keySet().removeAll(devices);
        senderKeys.keySet().removeIf(name -> devices.contains(name.substring(name.indexOf(' ') + 1)));
        devices.forEach(peer -> changes.add(book.peers().drop(peer)));
        ended.addAll(devices);
        return !devices.isEmpty();
    }

    /** Ends the keys of what a device sent in groups so far: it has a new identity, and a new session. */
    void renewed(DeviceJid device) {
        senderKeys.keySet().removeIf(name -> name.endsWith(" " + device.text()));
        changes.add(book.peers().dropSenderKeys(device.text()));
        ended.add(device.text());
    }

    /** The poll of an id in a chat, as it is after the stanzas so far. */
    Optional<KeptPolls.Kept> poll(String chat, String id) {
        return book.polls().find(chat, id).or(() -> Optional.ofNullable(polls.get(chat + " " + id)));
    }

    void poll(String chat, String id, KeptPolls.Kept kept, long now) {
        polls.putIfAbsent(chat + " " + id, kept);
        changes.add(book.polls().keep(chat, id, kept, now));
    }

    /** All rows that these stanzas change. */
    KeyChanges rows() {
        KeyChanges all = book.changes().add(changes);
        sessions.forEach((peer, session) -> all.add(book.peers().keep(peer, session)));
        senderKeys.forEach((name, keys) -> {
            int space = name.indexOf(' ');
            all.add(book.peers().keep(name.substring(0, space), name.substring(space + 1), keys));
        });
        return all;
    }

    /** The rows are on disk. */
    void committed() {
        ended.forEach(room::dropped);
        sessions.forEach((peer, session) -> room.moved(peer, session).run());
    }
}
