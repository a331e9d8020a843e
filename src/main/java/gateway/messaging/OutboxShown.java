package gateway.messaging;

import gateway.messaging.OutboxState.Code;

/** Parts of statements that show the waiting messages of the table {@code outbox} in their chats. */
final class OutboxShown {
    /**
     * A chat is looked for among so many that were accepted last: there is no index by chat, and a million may wait.
     */
    static final int MAX_SHOWN = 10_000;

    private static final String AMONG_LAST = " AND seq > (SELECT max(seq) FROM outbox) - " + MAX_SHOWN;
    /**
     * Messages that wait and that their chat does not keep yet. A chat does keep a message that failed before and is
     * tried again.
     */
    static final String SHOWN = "outbox o WHERE state = " + Code.WAITING + " AND kind <> ''\n"
            + "AND NOT EXISTS (SELECT 1 FROM message m WHERE m.device = o.device AND m.id = o.message_id AND m.chat = o.chat)";
    /** As {@link #SHOWN}, of the messages accepted last. */
    static final String SHOWN_LAST = SHOWN + AMONG_LAST;
    /** As {@link #SHOWN}, of the numbers in a JSON array, which is a parameter; for SQLite. */
    static final String SHOWN_AMONG = SHOWN + " AND seq IN (SELECT value FROM json_each(?))";
    /** Whether any message of an account waits; asked before the waiting ones are searched for one chat. */
    static final String ANY_WAITING =
            "SELECT 1 FROM outbox WHERE state = " + Code.WAITING + " AND device = ?" + AMONG_LAST + " LIMIT 1";
    /** For a statement on {@code chat}: no message of it waits that was accepted later. Parameter: its number. */
    static final String NONE_LATER = "NOT EXISTS (SELECT 1 FROM outbox o WHERE o.state = " + Code.WAITING
            + " AND o.device = chat.device AND o.seq > ? AND o.chat = chat.jid)";

    private OutboxShown() {}
}
