package gateway.engine.web;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

import gateway.engine.Content;
import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Jid;
import gateway.engine.Session.Sent;
import gateway.engine.web.book.AlreadyKept;
import gateway.engine.web.book.Book;
import gateway.engine.web.book.KeyChanges;
import gateway.engine.web.book.OutgoingMessages;
import gateway.engine.web.connection.ConnectionEnded;
import gateway.engine.web.connection.RequestRefused;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.message.DeviceSent;
import gateway.engine.web.message.MessagePadding;
import gateway.engine.web.message.StanzaKind;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.node.NodeEncoder;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.receive.PreKeyBundles;
import gateway.engine.web.signal.PreKeyBundle;
import gateway.engine.web.signal.SessionCipher;
import gateway.engine.web.signal.SignalSession;
import gateway.store.FailPoint;

/**
 * Sends messages to people. The new key state and the very bytes are on disk before the first byte leaves; after a
 * crash or a lost acknowledgement the same bytes leave again, so that no key ever seals two texts.
 */
final class Sending {
    private static final Duration PATIENCE = Duration.ofSeconds(75);

    private final Book book;
    private final KeyRoom room;
    private final RecipientDevices recipients;
    private final Votes votes;
    private final TrustTokens tokens;
    private final Identities identities;
    private final SendOutcome outcome;
    private final RandomGenerator random;
    private final InstantSource clock;

    Sending(
            Book book,
            KeyRoom room,
            RecipientDevices recipients,
            Votes votes,
            TrustTokens tokens,
            Identities identities,
            RandomGenerator random,
            InstantSource clock) {
        this.book = book;
        this.room = room;
        this.recipients = recipients;
        this.votes = votes;
        this.tokens = tokens;
        this.identities = identities;
        this.outcome = new SendOutcome(book, recipients, clock);
        this.random = random;
        this.clock = clock;
    }

    /** As {@link gateway.engine.Session#send}. */
    Sent send(String id, Jid chat, Content content, DeviceCredentials own, WebConnection connection) {
        return send(id, chat, content, own, connection, book.outgoing().find(id));
    }

    /** As {@link gateway.engine.Session#sendFirst}. A message that is kept all the same goes as it is kept. */
    Sent sendFirst(String id, Jid chat, Content content, DeviceCredentials own, WebConnection connection) {
        try {
            return send(id, chat, content, own, connection, Optional.empty());
        } catch (AlreadyKept e) {
            return send(id, chat, content, own, connection);
        }
    }

    /** @param before what is kept of the message */
    private Sent send(
            String id,
            Jid chat,
            Content content,
            DeviceCredentials own,
            WebConnection connection,
            Optional<OutgoingMessages.Outgoing> before) {
        if (!chat.isUser()) {
            throw EngineRefusal.unsupported("messages to groups and channels");
        }
        try {
            if (before.isPresent() && before.get().takenAt() > 0) {
                return new Sent(id, before.get().takenAt());
            }
            byte[] stanza = before.isPresent() && before.get().stanza().length > 0
                    ? before.get().stanza()
                    : sealed(id, DeviceJid.of(chat.user(), chat.server()), content, own, connection);
            FailPoint.reach("web-stored");
            Sent sent = outcome.of(id, connection.exchange(id, stanza, PATIENCE));
            if (!(content instanceof Content.Edit || content instanceof Content.Revoke)) {
                tokens.issueAfter(
                        DeviceJid.of(chat.user(), chat.server()), own.paired().orElseThrow(), connection);
            }
            return sent;
        } catch (ConnectionEnded e) {
            throw new EngineRefusal(Reason.NOT_CONNECTED, e.getMessage());
        } catch (TimeoutException e) {
            throw new EngineRefusal(Reason.TRY_LATER, "WhatsApp did not answer in time");
        } catch (RequestRefused e) {
            throw new EngineRefusal(
                    Reason.TRY_LATER, "WhatsApp did not tell the recipient's devices or keys: " + e.code());
        } catch (WireRefusal e) {
            throw new EngineRefusal(Reason.TRY_LATER, "WhatsApp's answer cannot be used: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineRefusal(Reason.NOT_CONNECTED, "the connection is being closed");
        }
    }

    /** What goes with a message to a person, beside the message itself. */
    Optional<Node> attached(DeviceJid person) {
        return tokens.attached(person);
    }

    /** The bytes of a new message, once they are on disk. */
    private byte[] sealed(String id, DeviceJid chat, Content content, DeviceCredentials own, WebConnection connection)
            throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException, WireRefusal {
        DeviceCredentials.Paired account = own.paired().orElseThrow();
        RecipientDevices.Target target = recipients.of(chat, account, connection);
        byte[] message = new Outbound(
                        target.person().text(),
                        RecipientDevices.own(account).text(),
                        other -> book.outgoing().find(other).isPresent(),
                        clock.millis())
                .message(content, random);
        Map<DeviceJid, PreKeyBundle> bundles = bundles(missing(target.all()), connection);
        byte[] forOwn = DeviceSent.wrap(target.person().text(), message).orElse(message);
        CompletableFuture<Boolean> written;
        byte[] stanza;
        room.lock.lock();
        try {
            KeyChanges changes = book.changes();
            List<Runnable> saved = new ArrayList<>();
            List<Node> sealed = new ArrayList<>();
            StanzaKind kind = StanzaKind.of(message);
            boolean opens = false;
            int theirs = 0;
            for (DeviceJid device : target.all()) {
                boolean ours = target.own().contains(device);
                Optional<Node> enc = encrypt(
                        device,
                        ours ? forOwn : message,
                        own,
                        Optional.ofNullable(bundles.get(device)),
                        kind,
                        changes,
                        saved);
                if (enc.isPresent()) {
                    theirs += ours ? 0 : 1;
                    opens |= enc.get().has("type", "pkmsg");
                    sealed.add(Node.of("to").with("jid", device).holding(enc.get()));
                }
            }
            if (theirs == 0 && !target.devices().isEmpty()) {
                throw new EngineRefusal(Reason.TRY_LATER, "WhatsApp has no keys of the recipient's devices");
            }
            stanza = NodeEncoder.encode(stanza(id, target, kind, sealed, opens, account, tokens));
            changes.add(book.outgoing()
                    .keep(
                            id,
                            new OutgoingMessages.Outgoing(target.person().text(), message, stanza, 0),
                            clock.millis()));
            if (content instanceof Content.Poll) {
                changes.add(votes.sent(target.person(), id, account, message));
            }
            written = book.writeLater(changes);
            written.thenRun(() -> saved.forEach(Runnable::run));
        } finally {
            room.lock.unlock();
        }
        join(written);
        return stanza;
    }

    private static Node stanza(
            String id,
            RecipientDevices.Target target,
            StanzaKind kind,
            List<Node> sealed,
            boolean opens,
            DeviceCredentials.Paired account,
            TrustTokens tokens) {
        List<Node> parts = new ArrayList<>();
        parts.add(Node.of("participants").holding(sealed));
        if (opens) {
            parts.add(Node.of("device-identity").holding(account.signedIdentity()));
        }
        kind.meta().ifPresent(meta -> parts.add(Node.of("meta").with(meta.getKey(), meta.getValue())));
        if (!target.devices().isEmpty()) {
            tokens.attached(target.person()).ifPresent(parts::add);
        }
        Node stanza =
                Node.of("message").with("id", id).with("to", target.person()).with("type", kind.type());
        if (kind.edit().isPresent()) {
            stanza = stanza.with("edit", kind.edit().get());
        }
        return stanza.withOptional("peer_recipient_pn", target.phone()).holding(parts);
    }

    /** Seals for one device, in the lock; nothing when there is neither a session nor a bundle that opens one. */
    Optional<Node> encrypt(
            DeviceJid device,
            byte[] message,
            DeviceCredentials own,
            Optional<PreKeyBundle> bundle,
            StanzaKind kind,
            KeyChanges changes,
            List<Runnable> saved) {
        Optional<SignalSession> old = room.session(device.text());
        Optional<SignalSession> session = old.filter(SignalSession::sends);
        if (session.isEmpty()) {
            if (bundle.isEmpty()) {
                return Optional.empty();
            }
            try {
                session = Optional.of(SessionCipher.open(old, own.local(), bundle.get(), random));
                identities.opened(device, bundle.get().identity(), changes, saved);
            } catch (WireRefusal e) {
                return Optional.empty();
            }
        }
        SessionCipher.Encrypted sealed =
                SessionCipher.encrypt(session.get(), own.local(), MessagePadding.pad(message, random));
        saved.add(room.moved(device.text(), sealed.next()));
        changes.add(book.peers().keep(device.text(), sealed.next()));
        Node enc =
                Node.of("enc").with("v", "2").with("type", sealed.kind().name().toLowerCase(Locale.ROOT));
        if (kind.mediaType().isPresent()) {
            enc = enc.with("mediatype", kind.mediaType().get());
        }
        return Optional.of((kind.hidden() ? enc.with("decrypt-fail", "hide") : enc).holding(sealed.wire()));
    }

    /** Those of the devices for which there is no session. */
    List<DeviceJid> missing(List<DeviceJid> devices) {
        room.lock.lock();
        try {
            return devices.stream()
                    .filter(device -> room.sending(device.text()).isEmpty())
                    .toList();
        } finally {
            room.lock.unlock();
        }
    }

    /** The keys by which sessions with these devices can be opened, of those for whom the server has any. */
    static Map<DeviceJid, PreKeyBundle> bundles(List<DeviceJid> devices, WebConnection connection)
            throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException, WireRefusal {
        Map<DeviceJid, PreKeyBundle> bundles = new HashMap<>();
        if (devices.isEmpty()) {
            return bundles;
        }
        Node answer = connection.request(PreKeyBundles.question(devices));
        for (Node user : answer.requiredChild("list").children("user")) {
            try {
                bundles.put(user.requiredJid("jid"), PreKeyBundles.read(user));
            } catch (WireRefusal e) {
                System.getLogger(Sending.class.getName())
                        .log(System.Logger.Level.INFO, "a device is left out of a message: {0}", e.getMessage());
            }
        }
        return bundles;
    }

    /** Waits until what was written is on disk. */
    static void join(CompletableFuture<Boolean> written) {
        try {
            written.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
