package gateway.messaging;

import java.time.InstantSource;

import gateway.engine.Event;
import gateway.engine.Events;
import gateway.store.Store;
import io.helidon.dbclient.DbExecute;

/** Takes what happens on WhatsApp for one account: stored together with what the webhooks must be told, or not at all. */
final class Inbox implements Events {
    private final String device;
    private final Store store;
    private final EventSink webhooks;
    private final InstantSource clock;
    private final Runnable lineChanged;

    /** @param lineChanged runs after the account's line came up or went down */
    Inbox(String device, Store store, EventSink webhooks, InstantSource clock, Runnable lineChanged) {
        this.device = device;
        this.store = store;
        this.webhooks = webhooks;
        this.clock = clock;
        this.lineChanged = lineChanged;
    }

    @Override
    public void accept(Event event) {
        store.write(tx -> {
            if (keep(tx, event)) {
                webhooks.enqueue(tx, device, event);
            }
            return null;
        });
        webhooks.wake();
        if (event instanceof Event.Connection) {
            lineChanged.run();
        }
    }

    /** False when the event was stored before. */
    private boolean keep(DbExecute tx, Event event) {
        return switch (event) {
            case Event.Message message -> Chats.keep(tx, device, message.chat(),
                    message.fromMe() || message.chat().isGroup() ? "" : message.pushName(),
                    new Chats.Message(message.id(), message.chat().toString(), message.sender().toString(), message.fromMe(),
                            message.content(), message.at(), message.at(), message.at()),
                    clock.millis());
            case Event.Receipt receipt -> true;
            case Event.Connection connection -> true;
        };
    }
}
