package gateway.engine.web;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import gateway.engine.Content;
import gateway.engine.Event;
import gateway.engine.Events;
import gateway.engine.Jid;
import gateway.engine.web.book.Book;
import gateway.engine.web.message.DeviceSent;
import gateway.engine.web.message.MessagePadding;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;
import gateway.engine.web.proto.MessageProto.AppStateSyncKeyShare;
import gateway.engine.web.proto.MessageProto.LidMigrationMappingPayload;
import gateway.engine.web.proto.MessageProto.Message;
import gateway.engine.web.proto.MessageProto.ProtocolMessage;
import gateway.engine.web.receive.Answers;
import gateway.engine.web.receive.MessageSource;
import gateway.engine.web.receive.OwnAddress;
import gateway.engine.web.receive.PublicKeys;
import gateway.engine.web.receive.RetryReceipts;
import gateway.engine.web.signal.CurvePair;
import gateway.engine.web.signal.GroupCipher;
import gateway.engine.web.signal.PreKeyBundle;
import gateway.engine.web.signal.SessionCipher;
import gateway.engine.web.signal.SignalSession;

/** Opens messages: decrypts them into {@link Drafts}, or asks for them once more (web-2 §3). */
final class Opener {
    private static final String GROUP = "skmsg";
    private static final int MAX_TRIED = 1_024;
    private static final int MAX_OPENED = 4_096;
    /** The form of app-state keys. */
    private static final int KEY_BYTES = 32;

    private static final int MAX_KEY_ID = 64;

    private final Book book;
    private final People people;
    private final Events events;
    private final Votes votes;
    private final ContactNames names;
    private final RandomGenerator random;
    /** How often each message was asked for again. */
    private final Map<String, Integer> tries = remembered(MAX_TRIED);
    /** The messages that were opened last. */
    private final Map<String, Boolean> opened = remembered(MAX_OPENED);

    Opener(Book book, People people, Events events, Votes votes, ContactNames names, RandomGenerator random) {
        this.book = book;
        this.people = people;
        this.events = events;
        this.votes = votes;
        this.names = names;
        this.random = random;
    }

    private static <V> Map<String, V> remembered(int most) {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > most;
            }
        };
    }

    /** Takes one {@code <message>}. */
    void open(Node stanza, DeviceCredentials own, Drafts drafts) throws WireRefusal {
        DeviceCredentials.Paired account = own.paired().orElseThrow();
        OwnAddress self = new OwnAddress(account.jid(), account.lid());
        MessageSource source = MessageSource.of(stanza, self);
        learn(source, drafts);
        boolean told = false;
        Optional<WireRefusal> fault = Optional.empty();
        for (Node part : stanza.children()) {
            if (told) {
                break; // A further part is the same message, sealed anew.
            }
            try {
                if (part.is("enc") && (fault.isEmpty() || !part.has("type", GROUP))) {
                    told = take(MessagePadding.unpad(decrypt(part, source, own, drafts)), source, account, drafts);
                } else if (part.is("plaintext")) {
                    told = take(part.bytes(), source, account, drafts);
                }
            } catch (WireRefusal e) {
                // A second part for this device may hold the same message; a group's part needs the keys of the first.
                fault = fault.or(() -> Optional.of(e));
            }
        }
        if (fault.isPresent() && !told) {
            refused(stanza, source, own, drafts, fault.get());
            return;
        }
        opened.put(name(source), true);
        if (!told && stanza.child("enc").isEmpty() && stanza.child("plaintext").isEmpty()) {
            tell(source, source.chat(), Inbound.unsupported("unavailable"), drafts);
        }
        drafts.answers.add(Answers.received(stanza, source, true));
        if (source.category().equals("peer")) {
            drafts.answers.add(Answers.peer(stanza, "peer_msg", self));
        }
    }

    private static String name(MessageSource source) {
        return source.chat().text() + " " + source.sender().text() + " " + source.id();
    }

    private void refused(Node stanza, MessageSource source, DeviceCredentials own, Drafts drafts, WireRefusal why)
            throws WireRefusal {
        String name = name(source);
        if (why.reason() == Reason.DUPLICATE
                && (opened.containsKey(name) || events.has(people.shown(source.chat()), source.id()))) {
            drafts.answers.add(Answers.received(stanza, source, true));
            return;
        }
        Optional<Integer> attempt = RetryReceipts.nextTry(stanza, tries.getOrDefault(name, 0));
        System.getLogger(Opener.class.getName())
                .log(
                        System.Logger.Level.INFO,
                        "a message could not be opened ({0}), it is asked for again: {1}",
                        why.reason(),
                        attempt.isPresent());
        if (attempt.isEmpty()) {
            tell(source, source.chat(), Inbound.unsupported("undecryptable"), drafts);
            drafts.answers.add(Answers.received(stanza, source, true));
            return;
        }
        tries.put(name, attempt.get());
        DeviceCredentials.SignedPreKey signed = own.signedPreKey();
        PublicKeys keys = new PublicKeys(
                own.registrationId(),
                own.identity().known(),
                signed.id(),
                signed.pair().known(),
                signed.signature(),
                own.paired().orElseThrow().signedIdentity());
        Optional<PreKeyBundle.OneTime> fresh = Optional.empty();
        if (RetryReceipts.needsKeys(attempt.get(), why.reason() == Reason.NO_SESSION)) {
            CurvePair pair = CurvePair.draw(random);
            int id = book.own().nextPreKey();
            book.write(book.own().keepPreKey(id, pair));
            fresh = Optional.of(new PreKeyBundle.OneTime(id, pair.known()));
        }
        drafts.answers.add(RetryReceipts.of(stanza, attempt.get(), keys, fresh));
    }

    private byte[] decrypt(Node enc, MessageSource source, DeviceCredentials own, Drafts drafts) throws WireRefusal {
        DeviceJid sender = people.filed(source.sender());
        String type = enc.required("type");
        if (type.equals(GROUP)) {
            GroupCipher.GroupDecrypted opened =
                    GroupCipher.decrypt(drafts.senderKeys(source.chat(), sender), enc.bytes());
            drafts.senderKeys(source.chat(), sender, opened.next());
            return opened.plain();
        }
        if (!type.equals("msg") && !type.equals("pkmsg")) {
            throw new WireRefusal(Reason.BAD_VERSION, "an unknown kind of encryption");
        }
        Optional<SignalSession> session = drafts.session(sender);
        if (session.isEmpty() && !sender.equals(source.sender())) {
            // The session of the time before the LID was known goes on under the LID.
            session = drafts.session(source.sender());
        }
        SessionCipher.Decrypted opened = SessionCipher.decrypt(
                session,
                own.local(),
                SessionCipher.Kind.valueOf(type.toUpperCase(Locale.ROOT)),
                enc.bytes(),
                book.own().preKeys(),
                random);
        drafts.session(sender, opened.next());
        opened.usedPreKey().ifPresent(id -> drafts.changes.add(book.own().dropPreKey(id)));
        if (!book.peers()
                .identity(sender.text())
                .map(known -> Arrays.equals(known, opened.identity().raw()))
                .orElse(false)) {
            drafts.changes.add(book.peers().keepIdentity(sender.text(), opened.identity()));
        }
        return opened.plain();
    }

    private void learn(MessageSource source, Drafts drafts) {
        source.senderAlternate().ifPresent(other -> people.learn(source.sender(), other, drafts.changes));
        source.recipientAlternate().ifPresent(other -> people.learn(source.chat(), other, drafts.changes));
    }

    /** Takes a plain message; whether people are told of it. */
    private boolean take(byte[] plain, MessageSource source, DeviceCredentials.Paired account, Drafts drafts)
            throws WireRefusal {
        byte[] message = plain;
        DeviceJid chat = source.chat();
        if (source.fromMe()) {
            Optional<DeviceSent.Unwrapped> sent = DeviceSent.unwrap(plain);
            if (sent.isPresent()) {
                message = sent.get().message();
            }
        }
        Message parsed = parsed(message);
        if (parsed.hasSenderKeyDistributionMessage() && source.isGroup()) {
            DeviceJid sender = people.filed(source.sender());
            drafts.senderKeys(
                    chat,
                    sender,
                    GroupCipher.accept(
                            drafts.senderKeys(chat, sender),
                            parsed.getSenderKeyDistributionMessage()
                                    .getAxolotlSenderKeyDistributionMessage()
                                    .toByteArray()));
        }
        if (source.fromMe() && parsed.hasProtocolMessage()) {
            fromPhone(parsed.getProtocolMessage(), source, drafts);
        }
        byte[] secret = secret(message == plain ? parsed : parsed(plain), parsed);
        votes.take(parsed, secret, source, drafts);
        Optional<Content> content = parsed.hasPollUpdateMessage()
                ? votes.read(parsed.getPollUpdateMessage(), source, account, drafts)
                : Optional.empty();
        content = content.or(() -> Inbound.content(parsed, people::shown));
        content.ifPresent(some -> tell(source, chat, some, drafts));
        return content.isPresent();
    }

    private static Message parsed(byte[] message) throws WireRefusal {
        try {
            return Message.parseFrom(message);
        } catch (InvalidProtocolBufferException e) {
            throw new WireRefusal(Reason.MALFORMED, "the message is not protobuf");
        }
    }

    /** The secret of a message, which stands beside its content, or for our own devices outside of the wrapper. */
    private static byte[] secret(Message outer, Message inner) {
        return (inner.getMessageContextInfo().hasMessageSecret() ? inner : outer)
                .getMessageContextInfo()
                .getMessageSecret()
                .toByteArray();
    }

    /** Takes what only the account's own phone may say. */
    private void fromPhone(ProtocolMessage protocol, MessageSource source, Drafts drafts) {
        for (AppStateSyncKeyShare.AppStateSyncKey key :
                protocol.getAppStateSyncKeyShare().getKeysList()) {
            byte[] id = key.getKeyId().getKeyId().toByteArray();
            byte[] data = key.getKeyData().getKeyData().toByteArray();
            // A key without data is one that the phone does not have.
            if (id.length > 0 && id.length <= MAX_KEY_ID && data.length == KEY_BYTES) {
                drafts.changes.add(book.own().keepAppStateKey(HexFormat.of().formatHex(id), data));
                drafts.keysShared = true;
            }
        }
        if (protocol.hasHistorySyncNotification()) {
            drafts.changes.add(book.notes()
                    .keepHistory(
                            source.id(),
                            protocol.getHistorySyncNotification().toByteArray(),
                            source.time().toEpochMilli()));
            drafts.historyAnnounced = true;
        }
        if (protocol.hasLidMigrationMappingSyncMessage()) {
            mappings(protocol.getLidMigrationMappingSyncMessage().getEncodedMappingPayload(), drafts);
        }
    }

    private void mappings(ByteString encoded, Drafts drafts) {
        try {
            for (LidMigrationMappingPayload.Mapping pair :
                    LidMigrationMappingPayload.parseFrom(encoded).getPnToLidMappingsList()) {
                long lid = pair.hasLatestLid() ? pair.getLatestLid() : pair.getAssignedLid();
                people.learn(
                        DeviceJid.of(Long.toUnsignedString(lid), DeviceJid.LID),
                        DeviceJid.of(Long.toUnsignedString(pair.getPn()), DeviceJid.PHONE),
                        drafts.changes);
            }
        } catch (InvalidProtocolBufferException e) {
            System.getLogger(Opener.class.getName())
                    .log(System.Logger.Level.INFO, "mappings of the phone are not protobuf: {0}", e.getMessage());
        }
    }

    private void tell(MessageSource source, DeviceJid chat, Content content, Drafts drafts) {
        Jid shownChat = people.shown(chat);
        Jid sender = people.shown(source.sender());
        if (!source.fromMe()) {
            drafts.changes.add(names.chosen(source.sender(), source.pushName()));
        }
        drafts.events.add(new Event.Message(
                source.id(),
                shownChat,
                sender,
                source.fromMe(),
                source.pushName(),
                content,
                source.time().toEpochMilli()));
    }
}
