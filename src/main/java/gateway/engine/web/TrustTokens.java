package gateway.engine.web;

import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;

import gateway.engine.web.book.Book;
import gateway.engine.web.book.KeptNotes;
import gateway.engine.web.book.KeptTokens;
import gateway.engine.web.book.KeyChanges;
import gateway.engine.web.connection.ConnectionEnded;
import gateway.engine.web.connection.RequestRefused;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.message.PrivacyTokens;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.receive.PrivacyTokenNotice;
import gateway.store.LeaseLost;
import gateway.store.StoreUnavailable;

/**
 * The privacy tokens by which persons know each other: a person's token goes with messages to that person, and this
 * account issues its own after them (web-2 §2.5). Without tokens WhatsApp refuses messages to people.
 */
final class TrustTokens {
    private static final int MAX_REMEMBERED = 4_096;
    private static final int MILLIS = 1_000;
    /** The user part of WhatsApp's own announcements. */
    private static final String ANNOUNCEMENTS = "0";

    private final Book book;
    private final People people;
    private final InstantSource clock;
    private final Map<String, KeptTokens.Held> known = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, KeptTokens.Held> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };
    private final Set<String> issuing = ConcurrentHashMap.newKeySet();
    private Optional<byte[]> salt = Optional.empty();
    private boolean saltRead;

    TrustTokens(Book book, People people, InstantSource clock) {
        this.book = book;
        this.people = people;
        this.clock = clock;
    }

    /** What goes with a message to a person: the person's token, or what stands in for it; nothing without both. */
    Optional<Node> attached(DeviceJid person) {
        KeptTokens.Held held = held(person);
        if (held.token().isPresent() && !PrivacyTokens.isExpired(held.issuedAt(), now())) {
            return Optional.of(Node.of("tctoken").holding(held.token().get()));
        }
        return person.server().equals(DeviceJid.LID)
                ? salt().map(known -> Node.of("cstoken").holding(PrivacyTokens.standIn(known, person.text())))
                : Optional.empty();
    }

    /** Takes a person's tokens; {@link #forget} is to follow when they are on disk. */
    KeyChanges taken(PrivacyTokenNotice notice) {
        return book.tokens().keep(people.filed(notice.person()).text(), notice.token(), notice.issuedAt());
    }

    /** What is kept has changed: it is read again. */
    synchronized void forget() {
        known.clear();
        saltRead = false;
    }

    /** Issues this account's token after a message, aside, once a week to each person. */
    void issueAfter(DeviceJid chat, DeviceCredentials.Paired account, WebConnection connection) {
        DeviceJid person = people.filed(chat);
        long now = now();
        if (person.isBot()
                || person.isSamePerson(RecipientDevices.own(account))
                || person.user().equals(ANNOUNCEMENTS)
                || !PrivacyTokens.mustIssue(held(person).ownIssuedAt(), now)) {
            return;
        }
        issueAside(person, now, connection);
    }

    /** Issues once more, aside, the token that a person had before that person's identity changed. */
    void issueAgain(DeviceJid person, WebConnection connection) {
        long before = held(person).ownIssuedAt();
        if (before > 0 && !PrivacyTokens.isExpired(before, now())) {
            issueAside(person, before, connection);
        }
    }

    private void issueAside(DeviceJid person, long issuedAt, WebConnection connection) {
        if (!issuing.add(person.text())) {
            return;
        }
        Thread.ofVirtual().name("web-token").start(() -> {
            try {
                issue(person, issuedAt, connection);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ConnectionEnded
                    | RequestRefused
                    | TimeoutException
                    | WireRefusal
                    | StoreUnavailable
                    | LeaseLost e) {
                System.getLogger(TrustTokens.class.getName())
                        .log(Level.INFO, "a privacy token is issued after the next message: {0}", e.toString());
            } finally {
                issuing.remove(person.text());
            }
        });
    }

    private void issue(DeviceJid person, long issuedAt, WebConnection connection)
            throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException, WireRefusal {
        Node answer = connection.request(PrivacyTokenNotice.issuing(person, issuedAt));
        KeyChanges changes = book.tokens().issued(person.text(), issuedAt);
        for (PrivacyTokenNotice notice : PrivacyTokenNotice.of(answer, person)) {
            changes.add(taken(notice));
        }
        book.write(changes);
        forget();
    }

    private synchronized KeptTokens.Held held(DeviceJid person) {
        KeptTokens.Held held = known.get(person.text());
        if (held == null) {
            held = book.tokens().find(person.text());
            if (held.token().isEmpty()) {
                // A token of the time before the LID was known.
                KeptTokens.Held other = book.tokens().find(people.known(person).text());
                held = new KeptTokens.Held(
                        other.token(), other.issuedAt(), Math.max(held.ownIssuedAt(), other.ownIssuedAt()));
            }
            known.put(person.text(), held);
        }
        return held;
    }

    private synchronized Optional<byte[]> salt() {
        if (!saltRead) {
            salt = book.notes().find(KeptNotes.SALT);
            saltRead = true;
        }
        return salt;
    }

    private long now() {
        return clock.millis() / MILLIS;
    }
}
