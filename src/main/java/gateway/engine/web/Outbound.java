package gateway.engine.web;

import java.util.random.RandomGenerator;

import com.google.protobuf.ByteString;

import gateway.engine.Content;
import gateway.engine.EngineRefusal;
import gateway.engine.web.proto.MessageProto.ContactMessage;
import gateway.engine.web.proto.MessageProto.ContextInfo;
import gateway.engine.web.proto.MessageProto.ExtendedTextMessage;
import gateway.engine.web.proto.MessageProto.FutureProofMessage;
import gateway.engine.web.proto.MessageProto.LocationMessage;
import gateway.engine.web.proto.MessageProto.Message;
import gateway.engine.web.proto.MessageProto.MessageContextInfo;
import gateway.engine.web.proto.MessageProto.MessageKey;
import gateway.engine.web.proto.MessageProto.PollCreationMessage;
import gateway.engine.web.proto.MessageProto.ProtocolMessage;
import gateway.engine.web.proto.MessageProto.ReactionMessage;

/**
 * What a message says, as the encoded Message of the protocol (web-2 §6).
 *
 * @param chat   the address the message goes to
 * @param own    our own address of the same kind
 * @param isOurs whether a message of that id was sent by this device
 * @param now    epoch milliseconds
 */
record Outbound(String chat, String own, java.util.function.Predicate<String> isOurs, long now) {
    private static final int SECRET_BYTES = 32;
    private static final int FORWARDED_SCORE = 100;

    /** @throws EngineRefusal ({@code UNSUPPORTED}) for files and for what only businesses send */
    byte[] message(Content content, RandomGenerator random) {
        Message.Builder message = Message.newBuilder();
        switch (content) {
            case Content.Text text -> text(message, text);
            case Content.Link link ->
                message.setExtendedTextMessage(ExtendedTextMessage.newBuilder()
                        .setText(link.caption().isEmpty() ? link.url() : link.body())
                        .setMatchedText(link.url())
                        .setContextInfo(context(link.options())));
            case Content.Card card ->
                message.setContactMessage(ContactMessage.newBuilder()
                        .setDisplayName(card.name())
                        .setVcard(card.vcard())
                        .setContextInfo(context(card.options())));
            case Content.Location place ->
                message.setLocationMessage(LocationMessage.newBuilder()
                        .setDegreesLatitude(place.latitude())
                        .setDegreesLongitude(place.longitude())
                        .setName(place.name())
                        .setAddress(place.address())
                        .setContextInfo(context(place.options())));
            case Content.Poll poll -> poll(message, poll, random);
            case Content.Reaction reaction ->
                message.setReactionMessage(ReactionMessage.newBuilder()
                        .setKey(key(reaction.target(), isOurs.test(reaction.target())))
                        .setText(reaction.emoji())
                        .setSenderTimestampMs(now));
            case Content.Edit edit ->
                message.setEditedMessage(FutureProofMessage.newBuilder()
                        .setMessage(Message.newBuilder()
                                .setProtocolMessage(ProtocolMessage.newBuilder()
                                        .setKey(key(edit.target(), true))
                                        .setType(ProtocolMessage.Type.MESSAGE_EDIT)
                                        .setEditedMessage(Message.newBuilder().setConversation(edit.body()))
                                        .setTimestampMs(now))));
            case Content.Revoke revoke ->
                message.setProtocolMessage(ProtocolMessage.newBuilder()
                        .setKey(key(revoke.target(), revoke.targetFromMe()))
                        .setType(ProtocolMessage.Type.REVOKE));
            case Content.Media media -> throw EngineRefusal.unsupported("files");
            case Content.Unsupported other -> throw EngineRefusal.unsupported("messages of an unknown kind");
            case Content.Vote vote -> throw EngineRefusal.unsupported("votes in polls");
            case Content.Structured other -> throw EngineRefusal.unsupported("lists and orders");
        }
        return message.build().toByteArray();
    }

    private void text(Message.Builder message, Content.Text text) {
        if (text.options().equals(Content.Options.NONE)) {
            message.setConversation(text.body());
        } else {
            message.setExtendedTextMessage(
                    ExtendedTextMessage.newBuilder().setText(text.body()).setContextInfo(context(text.options())));
        }
    }

    private void poll(Message.Builder message, Content.Poll poll, RandomGenerator random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        PollCreationMessage.Builder creation = PollCreationMessage.newBuilder()
                .setName(poll.question())
                .setSelectableOptionsCount(poll.most())
                .setContextInfo(context(poll.options()));
        poll.choices()
                .forEach(choice -> creation.addOptions(
                        PollCreationMessage.Option.newBuilder().setOptionName(choice)));
        if (poll.most() == 1) {
            message.setPollCreationMessageV3(creation);
        } else {
            message.setPollCreationMessage(creation);
        }
        message.setMessageContextInfo(MessageContextInfo.newBuilder().setMessageSecret(ByteString.copyFrom(secret)));
    }

    private MessageKey key(String target, boolean ours) {
        return MessageKey.newBuilder()
                .setRemoteJid(chat)
                .setFromMe(ours)
                .setId(target)
                .build();
    }

    private ContextInfo context(Content.Options options) {
        ContextInfo.Builder context = ContextInfo.newBuilder();
        if (!options.replyTo().isEmpty()) {
            context.setStanzaId(options.replyTo())
                    .setParticipant(isOurs.test(options.replyTo()) ? own : chat)
                    .setQuotedMessage(Message.newBuilder().setConversation(options.quoted()));
        }
        options.mentions().forEach(mentioned -> context.addMentionedJid(mentioned.toString()));
        if (options.forwarded()) {
            context.setIsForwarded(true).setForwardingScore(FORWARDED_SCORE);
        }
        if (options.expires() > 0) {
            context.setExpiration((int) options.expires());
        }
        return context.build();
    }
}
