package gateway.messaging;

import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

import gateway.engine.Engine;
import gateway.engine.Event;
import gateway.engine.Session;
import gateway.store.Store;
import gateway.store.Tx;

/** An inbox without a connection, whose webhooks are a test's own. */
final class InboxRig {
    private InboxRig() {}

    /**
     * @param told gets what the webhooks would be told, within the transaction
     * @param engine knows persons and administrators; empty when none is asked
     */
    static Inbox inbox(String device, Store store, Optional<Engine> engine, Consumer<Event> told) {
        return inbox(device, store, engine, new EventSink() {
            @Override
            public boolean enqueue(Tx tx, String account, Event event) {
                told.accept(event);
                return true;
            }

            @Override
            public void wake() {}
        });
    }

    /** As {@link #inbox(String, Store, Optional, Consumer)}, with these webhooks. */
    static Inbox inbox(String device, Store store, Optional<Engine> engine, EventSink webhooks) {
        return new Inbox(
                device,
                store,
                webhooks,
                InstantSource.system(),
                new Inbox.Owner() {
                    @Override
                    public void restricted() {}

                    @Override
                    public void wake() {}

                    @Override
                    public Optional<Session> session() {
                        return Optional.empty();
                    }
                },
                AutoActions.NONE,
                ChatStorage.KEEP,
                new Authors(device, engine));
    }
}
