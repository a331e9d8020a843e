package gateway.engine;

/** Takes what happens on WhatsApp. */
@FunctionalInterface
public interface Events {
    /**
     * Returns when the event is on disk. Only then may the engine acknowledge it to WhatsApp; when this throws it must not,
     * so that WhatsApp offers the event again. The same event may be given twice: it is kept once.
     */
    void accept(Event event);
}
