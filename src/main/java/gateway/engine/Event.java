package gateway.engine;

import java.util.List;
import java.util.Optional;

/** What happens on WhatsApp. Times are epoch milliseconds. */
public sealed interface Event {

    /** When it happened. */
    long at();

    /**
     * The account was paired, or its connection came up or went down.
     *
     * @param unasked whether the phone or WhatsApp logged the account out, and nobody here; false for every other state
     * @param reason  one word for why, as in {@link Standing}; may be empty
     * @param detail  the reason in one sentence without a secret; may be empty
     */
    record Connection(State state, boolean unasked, String reason, String detail, long at) implements Event {
        /** Where the connection stands now. {@code BANNED} lasts until WhatsApp lets the account connect again. */
        public enum State {
            PAIRING,
            PAIRED,
            CONNECTED,
            DISCONNECTED,
            LOGGED_OUT,
            BANNED
        }

        public Connection(State state, long at) {
            this(state, false, "", "", at);
        }
    }

    /**
     * A message that came in, or that the person wrote on the phone ({@code fromMe}). Its content may be a
     * {@link Content.Change} of an earlier one.
     *
     * @param id WhatsApp's own id: the same message offered twice has the same
     * @param chat the person's or the group's address
     * @param sender who wrote it; equals {@code chat} outside groups unless {@code fromMe}
     * @param pushName the name the sender chose, or empty
     */
    record Message(String id, Jid chat, Jid sender, boolean fromMe, String pushName, Content content, long at)
            implements Event {}

    /** Messages reached the recipient's phone, or were read there. {@code ids} are WhatsApp's own. */
    record Receipt(List<String> ids, Jid chat, Jid sender, Kind kind, long at) implements Event {
        /** How far the messages came; {@code READ_SELF} is on another device of this account. */
        public enum Kind {
            DELIVERED,
            READ,
            READ_SELF
        }

        public Receipt {
            ids = List.copyOf(ids);
        }
    }

    /**
     * WhatsApp refuses a message of this account that it had taken: {@link Session#send} had returned.
     *
     * @param id the id that {@code send} was given
     * @param code WhatsApp's own number for the reason; 0 when there is none
     * @param why one sentence without message text
     */
    record Failed(String id, Jid chat, int code, String why, long at) implements Event {}

    /**
     * The person removed a message from this account only, on another device.
     *
     * @param original what it was; empty from an engine, filled in by the gateway when it has the message
     */
    record DeletedForMe(String id, Jid chat, Jid sender, Optional<Original> original, long at) implements Event {
        /**
         * The message as it was kept. {@code mediaType} and {@code fileName} are empty for a message without a file.
         */
        public record Original(String words, Jid sender, boolean fromMe, String mediaType, String fileName, long at) {}
    }

    /**
     * The person marked a chat or a message on another device. The gateway notes it; nobody is told.
     *
     * @param message the message's id; empty when the chat is marked
     */
    record Marked(Jid chat, String message, Mark mark, boolean on, long at) implements Event {
        /** What the mark says; {@code STARRED} is on messages. */
        public enum Mark {
            PINNED,
            ARCHIVED,
            STARRED
        }
    }

    /** Somebody types or records, or stopped. */
    record Typing(Jid chat, Jid sender, boolean composing, boolean audio, long at) implements Event {}

    /** Members of a group came, left, or changed their rank. */
    record Members(Jid group, Change change, List<Jid> members, long at) implements Event {
        /** What happened to them. */
        public enum Change {
            JOIN,
            LEAVE,
            PROMOTE,
            DEMOTE
        }

        public Members {
            members = List.copyOf(members);
        }
    }

    /** This account was added to a group. {@code reason} is WhatsApp's word, such as {@code invite}; may be empty. */
    record GroupJoined(Jid group, String name, String reason, List<Jid> members, long at) implements Event {
        public GroupJoined {
            members = List.copyOf(members);
        }
    }

    /**
     * Something about a channel.
     *
     * @param detail the description when joined, the role when left, the words of a message, {@code on} or {@code off}
     *               when muted
     */
    record Newsletter(Change change, Jid newsletter, String name, String detail, String messageId, long at)
            implements Event {
        /** What happened to it. */
        public enum Change {
            JOINED,
            LEFT,
            MESSAGE,
            MUTE
        }
    }

    /**
     * Somebody calls.
     *
     * @param group the group that is called; empty for a call of one person
     * @param platform the caller's kind of phone as WhatsApp names it; may be empty
     * @param autoRejected whether the gateway turned it down by itself
     */
    record CallOffer(String callId, Jid from, Optional<Jid> group, String platform, boolean autoRejected, long at)
            implements Event {}

    /**
     * A person's phone has new identity keys: WhatsApp was installed anew, or the person moved to another phone. Whoever
     * has to be sure whom the account writes to compares the security code in WhatsApp.
     */
    record IdentityChanged(Jid person, long at) implements Event {}

    /** A label was made, renamed or removed. {@code color} is WhatsApp's number of it. */
    record LabelEdit(String labelId, String name, int color, boolean deleted, long at) implements Event {}

    /** A label was put on a chat, or taken off. */
    record LabelChat(String labelId, Jid chat, boolean labeled, long at) implements Event {}
}
