package gateway.messaging;

import gateway.engine.Event;
import gateway.store.Tx;

/** Who must hear of an event once it is stored: the webhooks. */
public interface EventSink {

    /**
     * Writes down, in the transaction that stores the event, everything needed to tell it later. May run twice. False
     * when nobody is to be told.
     */
    boolean enqueue(Tx tx, String device, Event event);

    /** What was enqueued is on disk now. */
    void wake();

    /** The event is on disk now; told once, and not again after a crash. Must return at once. */
    default void stored(String device, Event event) {}

    /** Nobody listens. */
    EventSink NONE = new EventSink() {
        @Override
        public boolean enqueue(Tx tx, String device, Event event) {
            return false;
        }

        @Override
        public void wake() {}
    };
}
