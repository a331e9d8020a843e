package gateway.engine;

import java.util.List;

/**
 * What the account notes on its own chats and messages, the same on all of its devices. Nobody else is told, but for
 * reads.
 */
public interface Marks {

    /** Tells the sender that the messages were read. */
    void read(Jid chat, Jid sender, List<String> messages);

    void star(Jid chat, String message, boolean fromMe, boolean starred);

    /** Removes a message from this account only. */
    void delete(Jid chat, String message, boolean fromMe);

    void pin(Jid chat, boolean pinned);

    void archive(Jid chat, boolean archived);

    void label(Jid chat, String labelId, String name, boolean labeled);

    /**
     * From now on new messages of the chat disappear after {@code seconds}; 0 keeps them. Members of the chat are told.
     */
    void disappearing(Jid chat, long seconds);
}
