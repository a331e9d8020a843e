package gateway.wiring;

import java.util.Optional;
import java.util.function.Function;

import gateway.console.LiveFeed;
import gateway.engine.Event;
import gateway.engine.Jid;
import gateway.messaging.EventSink;
import gateway.metrics.Metrics;
import gateway.store.Tx;
import gateway.webhook.Webhooks;
import gateway.webhook.payload.Account;

/**
 * Tells the webhooks of every event, in the event's own transaction, and once it is stored the console's pages and the
 * figures.
 */
final class WebhookSink implements EventSink {
    private final Webhooks webhooks;
    private final LiveFeed feed;
    private final Metrics metrics;
    private volatile Function<String, Optional<Jid>> addressOf = device -> Optional.empty();

    WebhookSink(Webhooks webhooks, LiveFeed feed, Metrics metrics) {
        this.webhooks = webhooks;
        this.feed = feed;
        this.metrics = metrics;
    }

    /** Sets who knows an account's address on WhatsApp; asked within a transaction, so it must not block. */
    void accounts(Function<String, Optional<Jid>> known) {
        addressOf = known;
    }

    @Override
    public boolean enqueue(Tx tx, String device, Event event) {
        var notice = webhooks.notice(new Account(device, addressOf.apply(device)), event);
        webhooks.enqueue(tx, notice);
        return !notice.isEmpty();
    }

    @Override
    public void wake() {
        webhooks.wakeAll();
    }

    @Override
    public void stored(String device, Event event) {
        feed.stored(device, event);
        metrics.stored(event);
    }
}
