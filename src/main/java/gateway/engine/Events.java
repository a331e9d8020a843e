package gateway.engine;

import java.util.List;

import gateway.store.Work;

/** Takes what happens on WhatsApp. */
@FunctionalInterface
public interface Events {
    /**
     * Returns when the events, a few dozen at the most, are on disk: all of them or, when this throws, none. Only then
     * may the engine acknowledge them to WhatsApp; when this throws it must not, so that WhatsApp offers them again.
     * The same event may be given twice: it is kept once.
     *
     * @throws gateway.store.StoreUnavailable when none of them can be kept now; any other exception says that one of
     *         them cannot be kept as it is, and the engine finds it by giving them one by one, so that it holds up no
     *         other
     */
    void accept(List<Event> events);

    /**
     * As the other, with rows of the engine's own in the same transaction; the events may be none.
     *
     * @param beside may be run more than once; it changes nothing but the database
     */
    default void accept(List<Event> events, Work<?> beside) {
        throw new UnsupportedOperationException("this receiver writes nothing beside its events");
    }

    /** As the other, for one. */
    default void accept(Event event) {
        accept(List.of(event));
    }
}
