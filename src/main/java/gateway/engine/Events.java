package gateway.engine;

import java.util.List;

import gateway.store.Work;

/** Takes what happens on WhatsApp. */
@FunctionalInterface
public interface Events {
    /**
     * Returns when the events, a few dozen at the most, are on disk: all of them or, when this throws, none. Only then
     * may the engine acknowledge them to WhatsApp; when this throws it must not, so that WhatsApp offers them again.
     * The same event may be given twice: it is kept once. The engine's own rows are written in the same transaction.
     *
     * @param events may be empty
     * @param beside writes the engine's own rows; may be run more than once, and changes nothing but the database
     * @throws gateway.store.StoreUnavailable when none of them can be kept now; any other exception says that one of
     *         them cannot be kept as it is, and the engine finds it by giving them one by one, so that it holds up no
     *         other
     */
    void accept(List<Event> events, Work<?> beside);

    /**
     * Whether a message of that id is kept in the chat. An engine asks when a message comes whose key was used before:
     * either the message comes again, or its sender used a key twice.
     */
    default boolean has(Jid chat, String id) {
        return false;
    }

    /** As {@link #accept(List, Work)}, without rows of the engine's own. */
    default void accept(List<Event> events) {
        accept(events, tx -> null);
    }

    /** As {@link #accept(List)}, for one event. */
    default void accept(Event event) {
        accept(List.of(event));
    }
}
