package gateway.engine;

import java.util.List;

/** What happens on WhatsApp. Times are epoch milliseconds. */
public sealed interface Event {

    /** When it happened. */
    long at();

    /** The account was paired, or its line came up or went down. */
    record Connection(State state, long at) implements Event {
        /** Where the line stands now. */
        public enum State { PAIRING, PAIRED, CONNECTED, DISCONNECTED, LOGGED_OUT }
    }

    /**
     * A message that came in, or that the person wrote on the phone ({@code fromMe}).
     *
     * @param id WhatsApp's own id: the same message offered twice has the same
     * @param chat the person's or the group's address
     * @param sender who wrote it; equals {@code chat} outside groups unless {@code fromMe}
     * @param pushName the name the sender chose, or empty
     */
    record Message(String id, Jid chat, Jid sender, boolean fromMe, String pushName, Content content, long at)
            implements Event {
    }

    /** Messages reached the recipient's phone, or were read there. {@code ids} are WhatsApp's own. */
    record Receipt(List<String> ids, Jid chat, Jid sender, Kind kind, long at) implements Event {
        /** How far the messages came; {@code READ_SELF} is on another device of this account. */
        public enum Kind { DELIVERED, READ, READ_SELF }

        public Receipt {
            ids = List.copyOf(ids);
        }
    }
}
