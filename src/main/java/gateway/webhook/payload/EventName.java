package gateway.webhook.payload;

import java.util.Set;

import gateway.engine.Content;
import gateway.engine.Event;

/** The names endpoints filter by: those of the v8 form, for both forms. */
public final class EventName {
    static final String MESSAGE = "message";
    static final String REACTION = "message.reaction";
    static final String REVOKED = "message.revoked";
    static final String EDITED = "message.edited";
    static final String DELETED = "message.deleted";
    static final String ACK = "message.ack";
    static final String TYPING = "chat_presence";
    static final String MEMBERS = "group.participants";
    static final String GROUP_JOINED = "group.joined";
    static final String NEWSLETTER_JOINED = "newsletter.joined";
    static final String NEWSLETTER_LEFT = "newsletter.left";
    static final String NEWSLETTER_MESSAGE = "newsletter.message";
    static final String NEWSLETTER_MUTE = "newsletter.mute";
    static final String CALL = "call.offer";
    static final String IDENTITY = "contact.identity";
    static final String LABEL_EDIT = "label.edit";
    static final String LABEL_CHAT = "label.association";
    static final String CONNECTION = "connection.update";
    /** Told to nobody. */
    private static final String MARKED = "chat.marked";
    /** Made by an operator, to see whether an endpoint answers. */
    public static final String PING = "webhook.ping";

    /** All that can be filtered by. */
    public static final Set<String> KNOWN = Set.of(
            MESSAGE,
            REACTION,
            REVOKED,
            EDITED,
            DELETED,
            ACK,
            TYPING,
            MEMBERS,
            GROUP_JOINED,
            NEWSLETTER_JOINED,
            NEWSLETTER_LEFT,
            NEWSLETTER_MESSAGE,
            NEWSLETTER_MUTE,
            CALL,
            IDENTITY,
            LABEL_EDIT,
            LABEL_CHAT,
            CONNECTION);

    private EventName() {}

    public static String of(Event event) {
        return switch (event) {
            case Event.Message message ->
                switch (message.content()) {
                    case Content.Reaction reaction -> REACTION;
                    case Content.Revoke revoke -> REVOKED;
                    case Content.Edit edit -> EDITED;
                    default -> MESSAGE;
                };
            case Event.DeletedForMe deleted -> DELETED;
            case Event.Typing typing -> TYPING;
            case Event.Members members -> MEMBERS;
            case Event.GroupJoined joined -> GROUP_JOINED;
            case Event.Newsletter newsletter ->
                switch (newsletter.change()) {
                    case JOINED -> NEWSLETTER_JOINED;
                    case LEFT -> NEWSLETTER_LEFT;
                    case MESSAGE -> NEWSLETTER_MESSAGE;
                    case MUTE -> NEWSLETTER_MUTE;
                };
            case Event.CallOffer call -> CALL;
            case Event.IdentityChanged changed -> IDENTITY;
            case Event.LabelEdit label -> LABEL_EDIT;
            case Event.LabelChat label -> LABEL_CHAT;
            case Event.Receipt receipt -> ACK;
            case Event.Failed failed -> ACK;
            case Event.Connection connection -> CONNECTION;
            case Event.Marked marked -> MARKED;
        };
    }
}
