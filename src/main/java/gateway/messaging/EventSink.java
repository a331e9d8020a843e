package gateway.messaging;

import gateway.engine.Event;
import io.helidon.dbclient.DbExecute;

/** Who must hear of an event once it is stored: the webhooks. */
public interface EventSink {

    /** Writes down, in the transaction that stores the event, everything needed to tell it later. May run twice. */
    void enqueue(DbExecute tx, String device, Event event);

    /** What was enqueued is on disk now. */
    void wake();

    /** Nobody listens. */
    EventSink NONE = new EventSink() {
        @Override
        public void enqueue(DbExecute tx, String device, Event event) {
        }

        @Override
        public void wake() {
        }
    };
}
