package gateway.engine;

import java.util.List;

/** Takes what happens on WhatsApp. */
@FunctionalInterface
public interface Events {
    /**
     * Returns when the events, a few dozen at the most, are on disk: all of them or, when this throws, none. Only then may
     * the engine acknowledge them to WhatsApp; when this throws it must not, so that WhatsApp offers them again. The same
     * event may be given twice: it is kept once.
     */
    void accept(List<Event> events);

    /** As the other, for one. */
    default void accept(Event event) {
        accept(List.of(event));
    }
}
