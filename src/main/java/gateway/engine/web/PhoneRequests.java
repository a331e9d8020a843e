package gateway.engine.web;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

import com.google.protobuf.ByteString;

import gateway.engine.web.book.Book;
import gateway.engine.web.book.KeyChanges;
import gateway.engine.web.book.OwnKeys;
import gateway.engine.web.connection.ConnectionEnded;
import gateway.engine.web.connection.RequestRefused;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.message.PeerMessages;
import gateway.engine.web.message.StanzaKind;
import gateway.engine.web.message.WebMessageId;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.node.NodeEncoder;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.signal.PreKeyBundle;

/** What this device asks its own phone for, by messages that nobody sees (dossier web-3 §5.1). */
final class PhoneRequests {
    /** A key is asked for once in this time; the phone answers when it is there again. */
    private static final Duration PAUSE = Duration.ofHours(24);

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MAX_ASKED = 256;
    private static final int CHANCE_BYTES = 16;

    private final Book book;
    private final KeyRoom room;
    private final Sending sending;
    private final InstantSource clock;
    /** The ids of the keys that were asked for, and when. */
    private final Map<ByteString, Long> asked = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteString, Long> eldest) {
            return size() > MAX_ASKED;
        }
    };

    PhoneRequests(Book book, KeyRoom room, Sending sending, InstantSource clock) {
        this.book = book;
        this.room = room;
        this.sending = sending;
        this.clock = clock;
    }

    /** Forgets what was asked for: another phone is linked. */
    void forget() {
        synchronized (asked) {
            asked.clear();
        }
    }

    /**
     * Asks for an app-state key, unless that was done within a day.
     *
     * @throws WireRefusal ({@code MALFORMED}) for an id that no key has
     */
    void askForKey(ByteString keyId, DeviceCredentials own, WebConnection connection)
            throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException, WireRefusal {
        if (keyId.isEmpty() || keyId.size() > OwnKeys.MAX_APP_STATE_KEY_ID) {
            throw new WireRefusal(
                    WireRefusal.Reason.MALFORMED, "an app-state key whose id has " + keyId.size() + " bytes");
        }
        synchronized (asked) {
            Long before = asked.get(keyId);
            if (before != null && clock.millis() - before < PAUSE.toMillis()) {
                return;
            }
            asked.put(keyId, clock.millis());
        }
        System.getLogger(PhoneRequests.class.getName())
                .log(
                        System.Logger.Level.INFO,
                        "the phone is asked for app-state key {0}",
                        HexFormat.of().formatHex(keyId.toByteArray()));
        send(PeerMessages.keyRequest(List.of(keyId.toByteArray())).toByteArray(), own, connection);
    }

    private void send(byte[] message, DeviceCredentials own, WebConnection connection)
            throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException, WireRefusal {
        DeviceCredentials.Paired account = own.paired().orElseThrow();
        DeviceJid number = account.jid().withoutDevice();
        DeviceJid phone = RecipientDevices.own(account);
        Optional<PreKeyBundle> bundle = Optional.ofNullable(
                Sending.bundles(sending.missing(List.of(phone)), connection).get(phone));
        byte[] chance = new byte[CHANCE_BYTES];
        Dialer.RANDOM.nextBytes(chance);
        String id = WebMessageId.of(clock.instant(), Optional.of(number.user()), chance);
        byte[] stanza;
        CompletableFuture<Boolean> written;
        room.lock.lock();
        try {
            KeyChanges changes = book.changes();
            List<Runnable> saved = new ArrayList<>();
            Node enc = sending.encrypt(phone, message, own, bundle, StanzaKind.of(message), changes, saved)
                    .orElseThrow(
                            () -> new WireRefusal(WireRefusal.Reason.NO_SESSION, "WhatsApp has no keys of the phone"));
            List<Node> parts = new ArrayList<>();
            parts.add(Node.of("meta").with("appdata", "default"));
            parts.add(enc);
            if (enc.has("type", "pkmsg")) {
                parts.add(Node.of("device-identity").holding(account.signedIdentity()));
            }
            stanza = NodeEncoder.encode(Node.of("message")
                    .with("id", id)
                    .with("to", number)
                    .with("type", "text")
                    .with("category", "peer")
                    .with("push_priority", "high")
                    .holding(parts));
            written = book.writeLater(changes);
            written.thenRun(() -> saved.forEach(Runnable::run));
        } finally {
            room.lock.unlock();
        }
        Sending.join(written);
        connection.exchange(id, stanza, PATIENCE);
    }
}
