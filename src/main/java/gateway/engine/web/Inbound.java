package gateway.engine.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

import gateway.engine.Content;
import gateway.engine.Jid;
import gateway.engine.web.proto.MessageProto.ContextInfo;
import gateway.engine.web.proto.MessageProto.ExtendedTextMessage;
import gateway.engine.web.proto.MessageProto.FutureProofMessage;
import gateway.engine.web.proto.MessageProto.LocationMessage;
import gateway.engine.web.proto.MessageProto.Message;
import gateway.engine.web.proto.MessageProto.PollCreationMessage;
import gateway.engine.web.proto.MessageProto.ProtocolMessage;

/** What a decrypted Message says to people; empty for what is meant for programs only (web-2 §4). */
final class Inbound {
    private static final int MAX_WRAPPERS = 8;

    private Inbound() {}

    /** @param shown turns an address into the one that people know */
    static Optional<Content> content(Message given, UnaryOperator<Jid> shown) {
        Message message = unwrapped(given);
        if (message.hasConversation()) {
            return Optional.of(new Content.Text(message.getConversation(), Content.Options.NONE));
        }
        if (message.hasExtendedTextMessage()) {
            ExtendedTextMessage text = message.getExtendedTextMessage();
            return Optional.of(new Content.Text(text.getText(), options(text.getContextInfo(), shown)));
        }
        if (message.hasReactionMessage()) {
            return Optional.of(new Content.Reaction(
                    message.getReactionMessage().getKey().getId(),
                    message.getReactionMessage().getText()));
        }
        if (message.hasProtocolMessage()) {
            return protocol(message.getProtocolMessage());
        }
        if (message.hasContactMessage()) {
            return Optional.of(new Content.Card(
                    message.getContactMessage().getDisplayName(),
                    message.getContactMessage().getVcard(),
                    options(message.getContactMessage().getContextInfo(), shown)));
        }
        if (message.hasLocationMessage()) {
            LocationMessage place = message.getLocationMessage();
            return Optional.of(new Content.Location(
                    place.getDegreesLatitude(),
                    place.getDegreesLongitude(),
                    place.getName(),
                    place.getAddress(),
                    place.getIsLive(),
                    options(place.getContextInfo(), shown)));
        }
        Optional<PollCreationMessage> poll = poll(message);
        if (poll.isPresent()) {
            return Optional.of(new Content.Poll(
                    poll.get().getName(),
                    poll.get().getOptionsList().stream()
                            .map(PollCreationMessage.Option::getOptionName)
                            .toList(),
                    poll.get().getSelectableOptionsCount(),
                    options(poll.get().getContextInfo(), shown)));
        }
        return kind(message).map(kind -> unsupported(kind));
    }

    /** Stands for a message that came and cannot be shown. {@code kind} is a word of letters and underscores. */
    static Content unsupported(String kind) {
        return new Content.Unsupported(kind, Content.Options.NONE);
    }

    private static Message unwrapped(Message given) {
        Message message = given;
        for (int depth = 0; depth < MAX_WRAPPERS; depth++) {
            Optional<FutureProofMessage> wrapper = wrapper(message);
            if (wrapper.isEmpty()) {
                break;
            }
            message = wrapper.get().getMessage();
        }
        return message;
    }

    private static Optional<FutureProofMessage> wrapper(Message message) {
        return message.hasEphemeralMessage()
                ? Optional.of(message.getEphemeralMessage())
                : message.hasEditedMessage()
                        ? Optional.of(message.getEditedMessage())
                        : message.hasViewOnceMessage()
                                ? Optional.of(message.getViewOnceMessage())
                                : message.hasViewOnceMessageV2()
                                        ? Optional.of(message.getViewOnceMessageV2())
                                        : message.hasDocumentWithCaptionMessage()
                                                ? Optional.of(message.getDocumentWithCaptionMessage())
                                                : message.hasGroupMentionedMessage()
                                                        ? Optional.of(message.getGroupMentionedMessage())
                                                        : message.hasBotInvokeMessage()
                                                                ? Optional.of(message.getBotInvokeMessage())
                                                                : message.hasPollCreationMessageV4()
                                                                        ? Optional.of(
                                                                                message.getPollCreationMessageV4())
                                                                        : Optional.empty();
    }

    private static Optional<Content> protocol(ProtocolMessage protocol) {
        if (!protocol.hasKey()) {
            return Optional.empty();
        }
        return switch (protocol.getType()) {
            case REVOKE ->
                Optional.of(new Content.Revoke(
                        protocol.getKey().getId(), protocol.getKey().getFromMe()));
            case MESSAGE_EDIT ->
                Optional.of(new Content.Edit(protocol.getKey().getId(), words(protocol.getEditedMessage())));
            default -> Optional.empty();
        };
    }

    private static String words(Message edited) {
        return edited.hasConversation()
                ? edited.getConversation()
                : edited.hasExtendedTextMessage()
                        ? edited.getExtendedTextMessage().getText()
                        : edited.hasImageMessage()
                                ? edited.getImageMessage().getCaption()
                                : edited.getVideoMessage().getCaption();
    }

    /** The poll that a message makes, whatever it is wrapped in. */
    static Optional<PollCreationMessage> poll(Message given) {
        Message message = unwrapped(given);
        return message.hasPollCreationMessage()
                ? Optional.of(message.getPollCreationMessage())
                : message.hasPollCreationMessageV2()
                        ? Optional.of(message.getPollCreationMessageV2())
                        : message.hasPollCreationMessageV3()
                                ? Optional.of(message.getPollCreationMessageV3())
                                : message.hasPollCreationMessageV5()
                                        ? Optional.of(message.getPollCreationMessageV5())
                                        : Optional.empty();
    }

    /** The name of what there is; empty when there is nothing but keys and context. */
    private static Optional<String> kind(Message message) {
        for (var field : message.getAllFields().keySet()) {
            if (field.getNumber() != Message.SENDER_KEY_DISTRIBUTION_MESSAGE_FIELD_NUMBER
                    && field.getNumber() != Message.MESSAGE_CONTEXT_INFO_FIELD_NUMBER) {
                return Optional.of(field.getName().replace("_message", ""));
            }
        }
        return message.getUnknownFields().asMap().isEmpty() ? Optional.empty() : Optional.of("unknown");
    }

    private static Content.Options options(ContextInfo context, UnaryOperator<Jid> shown) {
        List<Jid> mentions = new ArrayList<>();
        for (String mentioned : context.getMentionedJidList()) {
            try {
                mentions.add(shown.apply(Jid.parse(mentioned)));
            } catch (IllegalArgumentException _) {
                // Nobody whom a person could recognise.
            }
        }
        return new Content.Options(
                context.getStanzaId(),
                context.getQuotedMessage().getConversation(),
                context.getIsForwarded(),
                Integer.toUnsignedLong(context.getExpiration()),
                mentions);
    }
}
