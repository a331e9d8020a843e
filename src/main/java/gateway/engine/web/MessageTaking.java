package gateway.engine.web;

import java.util.HexFormat;
import java.util.Optional;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import gateway.engine.Content;
import gateway.engine.Event;
import gateway.engine.Jid;
import gateway.engine.web.book.Book;
import gateway.engine.web.book.OwnKeys;
import gateway.engine.web.message.DeviceSent;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;
import gateway.engine.web.proto.MessageProto.AppStateSyncKeyShare;
import gateway.engine.web.proto.MessageProto.LidMigrationMappingPayload;
import gateway.engine.web.proto.MessageProto.Message;
import gateway.engine.web.proto.MessageProto.ProtocolMessage;
import gateway.engine.web.receive.MessageSource;
import gateway.engine.web.signal.GroupCipher;

/** Takes decrypted messages into {@link Drafts}: what people see, sender keys, and what the account's phone shares. */
final class MessageTaking {
    /** The form of app-state keys. */
    private static final int KEY_BYTES = 32;

    private final Book book;
    private final People people;
    private final Votes votes;
    private final ContactNames names;

    MessageTaking(Book book, People people, Votes votes, ContactNames names) {
        this.book = book;
        this.people = people;
        this.votes = votes;
        this.names = names;
    }

    /** Takes a plain message; whether people are told of it. */
    boolean take(byte[] plain, MessageSource source, DeviceCredentials.Paired account, Drafts drafts)
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
        content.ifPresent(some -> tell(source, some, drafts));
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
            if (id.length > 0 && id.length <= OwnKeys.MAX_APP_STATE_KEY_ID && data.length == KEY_BYTES) {
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
            System.getLogger(MessageTaking.class.getName())
                    .log(System.Logger.Level.INFO, "mappings of the phone are not protobuf: {0}", e.getMessage());
        }
    }

    /** Tells what a message says. */
    void tell(MessageSource source, Content content, Drafts drafts) {
        Jid shownChat = people.shown(source.chat());
        Jid sender = people.shown(source.sender());
        if (!source.fromMe()) {
            names.chosen(source.sender(), source.pushName(), drafts);
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
