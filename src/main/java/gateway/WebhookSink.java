package gateway;

import java.util.Optional;
import java.util.function.Function;

import gateway.engine.Event;
import gateway.engine.Jid;
import gateway.messaging.EventSink;
import gateway.webhook.Account;
import gateway.webhook.Webhooks;
import io.helidon.dbclient.DbExecute;

/** Tells the webhooks of every event, in the event's own transaction. */
final class WebhookSink implements EventSink {
    private final Webhooks webhooks;
    private volatile Function<String, Optional<Jid>> addressOf = device -> Optional.empty();

    WebhookSink(Webhooks webhooks) {
        this.webhooks = webhooks;
    }

    /** Sets who knows an account's address on WhatsApp; asked within a transaction, so it must not block. */
    void accounts(Function<String, Optional<Jid>> known) {
        addressOf = known;
    }

    @Override
    public void enqueue(DbExecute tx, String device, Event event) {
        webhooks.enqueue(tx, webhooks.notice(new Account(device, addressOf.apply(device)), event));
    }

    @Override
    public void wake() {
        webhooks.wakeAll();
    }
}
