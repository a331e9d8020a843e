package gateway.engine.web;

import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import com.google.protobuf.InvalidProtocolBufferException;

import gateway.engine.Content;
import gateway.engine.web.book.Book;
import gateway.engine.web.book.KeptPolls;
import gateway.engine.web.book.KeyChanges;
import gateway.engine.web.message.MessageSecret;
import gateway.engine.web.message.Poll;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.proto.HistoryProto.Conversation;
import gateway.engine.web.proto.MessageProto.Message;
import gateway.engine.web.proto.MessageProto.PollUpdateMessage;
import gateway.engine.web.proto.MessageProto.WebMessageInfo;
import gateway.engine.web.receive.MessageSource;

/** The votes in polls: keeps what is needed to read them, of every poll that is made here or comes in. */
final class Votes {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:=-]{1,128}");
    private static final long MILLIS = 1_000;

    private final Book book;
    private final People people;
    private final InstantSource clock;

    Votes(Book book, People people, InstantSource clock) {
        this.book = book;
        this.people = people;
        this.clock = clock;
    }

    /** What is to be kept of a poll that goes out. */
    KeyChanges sent(DeviceJid chat, String id, DeviceCredentials.Paired account, byte[] encoded) throws WireRefusal {
        Message message;
        try {
            message = Message.parseFrom(encoded);
        } catch (InvalidProtocolBufferException e) {
            throw new WireRefusal(WireRefusal.Reason.MALFORMED, "the message is not protobuf");
        }
        return poll(message, message.getMessageContextInfo().getMessageSecret().toByteArray())
                .map(poll ->
                        book.polls().keep(chat.text(), id, kept(RecipientDevices.own(account), poll), clock.millis()))
                .orElseGet(book::changes);
    }

    /** Takes a poll that came in; its votes may be in the same batch. */
    void take(Message message, byte[] secret, MessageSource source, Drafts drafts) {
        poll(message, secret)
                .ifPresent(poll -> drafts.poll(
                        people.filed(source.chat()).text(), source.id(), kept(source.sender(), poll), clock.millis()));
    }

    /** What is to be kept of the polls in a conversation of the history. */
    List<KeyChanges> past(Conversation conversation, DeviceJid chat, DeviceCredentials.Paired account) {
        List<KeyChanges> all = new ArrayList<>();
        for (Conversation.HistorySyncMessage one : conversation.getMessagesList()) {
            WebMessageInfo info = one.getMessage();
            byte[] secret = (info.hasMessageSecret()
                            ? info.getMessageSecret()
                            : info.getMessage().getMessageContextInfo().getMessageSecret())
                    .toByteArray();
            Optional<Poll> poll = poll(info.getMessage(), secret);
            if (poll.isEmpty() || !ID.matcher(info.getKey().getId()).matches()) {
                continue;
            }
            author(info, chat, account)
                    .ifPresent(author -> all.add(book.polls()
                            .keep(
                                    people.filed(chat).text(),
                                    info.getKey().getId(),
                                    kept(author, poll.get()),
                                    info.getMessageTimestamp() * MILLIS)));
        }
        return all;
    }

    private static Optional<DeviceJid> author(WebMessageInfo info, DeviceJid chat, DeviceCredentials.Paired account) {
        if (info.getKey().getFromMe()) {
            return Optional.of(RecipientDevices.own(account));
        }
        if (chat.isPerson()) {
            return Optional.of(chat);
        }
        String participant = info.getKey().hasParticipant() ? info.getKey().getParticipant() : info.getParticipant();
        try {
            return Optional.of(DeviceJid.parse(participant)).filter(DeviceJid::isPerson);
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Optional<Poll> poll(Message message, byte[] secret) {
        return Inbound.poll(message).flatMap(creation -> Poll.of(creation, secret));
    }

    private KeptPolls.Kept kept(DeviceJid author, Poll poll) {
        return new KeptPolls.Kept(people.filed(author).withoutDevice().text(), poll);
    }

    /** A vote as people read it; empty when the poll is not known, or the vote does not belong to it. */
    Optional<Content> read(
            PollUpdateMessage update, MessageSource source, DeviceCredentials.Paired account, Drafts drafts) {
        String id = update.getPollCreationMessageKey().getId();
        for (DeviceJid chat : addresses(source.chat(), account)) {
            Optional<KeptPolls.Kept> found = drafts.poll(chat.text(), id);
            if (found.isPresent()) {
                return opened(update, id, found.get(), source, account);
            }
        }
        return Optional.empty();
    }

    private Optional<Content> opened(
            PollUpdateMessage update,
            String id,
            KeptPolls.Kept kept,
            MessageSource source,
            DeviceCredentials.Paired account) {
        List<MessageSecret.Target> targets = new ArrayList<>();
        for (DeviceJid voter : addresses(source.sender(), account)) {
            for (DeviceJid author : addresses(DeviceJid.parse(kept.author()), account)) {
                targets.add(new MessageSecret.Target(id, author.text(), voter.text()));
            }
        }
        try {
            return Optional.of(Content.Vote.in(id, kept.poll().open(update.getVote(), targets)));
        } catch (WireRefusal e) {
            System.getLogger(Votes.class.getName())
                    .log(Level.INFO, "a vote in a poll cannot be read: {0}", e.getMessage());
            return Optional.empty();
        }
    }

    /** The addresses of a chat or person, without a device: first the given one. */
    private Set<DeviceJid> addresses(DeviceJid given, DeviceCredentials.Paired account) {
        Set<DeviceJid> all = new LinkedHashSet<>();
        DeviceJid person = given.withoutDevice();
        all.add(person);
        if (person.isSamePerson(account.jid())
                || account.lid().filter(person::isSamePerson).isPresent()) {
            all.add(account.jid().withoutDevice());
            account.lid().ifPresent(lid -> all.add(lid.withoutDevice()));
        }
        all.add(people.filed(person));
        all.add(people.known(person));
        return all;
    }
}
