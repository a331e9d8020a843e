package gateway.wiring;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;

import gateway.config.Settings;
import gateway.config.catalogue.SecretKind;
import gateway.console.LiveFeed;
import gateway.engine.MediaFiles;
import gateway.engine.Session;
import gateway.messaging.Accounts;
import gateway.messaging.AutoActions;
import gateway.messaging.ChatStorage;
import gateway.messaging.NewChatBudget;
import gateway.messaging.Outbox;
import gateway.messaging.Pacing;
import gateway.messaging.Upkeep;
import gateway.metrics.Metrics;
import gateway.process.ExplainedFault;
import gateway.process.Resources;
import gateway.secret.Snapshot;
import gateway.store.StorageDirectory;
import gateway.webhook.Endpoint;
import gateway.webhook.SecretPolicy;
import gateway.webhook.Webhooks;

/** What carries messages: the accounts with their engines, the outbox, and the webhooks that hear of what happens. */
record MessagingParts(
        LiveFeed feed, Webhooks webhooks, MediaFiles media, Engines engines, Outbox outbox, Accounts accounts) {
    /** The account of a gateway that has only one. */
    static final String FIRST_ACCOUNT = "default";

    /** Finished messages can be looked up for as long as delivered webhooks. */
    private static final Duration KEEP_FINISHED = Duration.ofDays(7);

    static MessagingParts open(
            Groundwork groundwork,
            StoreParts stored,
            StorageDirectory directory,
            InstantSource clock,
            Resources parts) {
        var settings = groundwork.settings();
        var store = stored.store();
        var metrics = groundwork.metrics();
        var workers = groundwork.workers();
        var webhooks = parts.add(new Webhooks(
                new Webhooks.Parts(
                        store,
                        stored.sealing(),
                        Wiring.addressRules(settings.webhook()),
                        SecretPolicy.of(settings.profile()),
                        Wiring.downloadRules(settings.api().downloads()),
                        Optional.empty(),
                        MessagingParts::defaultTls,
                        clock,
                        new SecureRandom(),
                        metrics.webhooks(),
                        workers,
                        settings.whatsApp().keepChats()),
                endpoints(settings, groundwork.rotated(), clock)));
        var feed = new LiveFeed();
        var sink = new WebhookSink(webhooks, feed, metrics);
        var media = new MediaFiles(directory.file("media"));
        var engines = parts.add(new Engines(settings, media, stored.sealing(), clock, workers));
        var storage = settings.whatsApp().keepChats() ? ChatStorage.KEEP : ChatStorage.FORGET;
        var outbox = new Outbox(
                store,
                clock,
                settings.sending().replyWait(),
                (device, id, stage) -> {
                    feed.moved(device, id, stage);
                    metrics.moved(stage);
                },
                storage);
        var accounts = parts.add(new Accounts(
                store,
                engines,
                outbox,
                sink,
                clock,
                autoActions(settings.whatsApp()),
                pacing(settings.sending()),
                workers));
        sink.accounts(device -> accounts.status(device).flatMap(Session.Status::account));
        accounts.open(FIRST_ACCOUNT);
        parts.add(new Upkeep(store, clock, KEEP_FINISHED, storage, workers)).start();
        return new MessagingParts(feed, webhooks, media, engines, outbox, accounts);
    }

    /** The webhooks of the settings, each with its previous secret while that is valid. */
    static List<Endpoint> endpoints(Settings settings, Snapshot ledger, InstantSource clock) {
        return ConfiguredWebhooks.of(
                settings.webhook(), ledger.old(SecretKind.WEBHOOK_SECRET, settings, clock.instant()));
    }

    private static AutoActions autoActions(Settings.WhatsApp setting) {
        return new AutoActions(
                setting.autoReply(), AutoActions.NONE.pause(), setting.autoMarkRead(), setting.autoRejectCall());
    }

    private static Pacing pacing(Settings.Sending setting) {
        return new Pacing(
                setting.chatDelay(),
                setting.chatJitter(),
                setting.dailyCap().orElse(0),
                new NewChatBudget(
                        setting.newChats().perHour(),
                        setting.newChats().perDay(),
                        setting.newChats().pause()));
    }

    /**
     * Reads the runtime's hundred and more root certificates the first time: when a receiver is first spoken to, not at
     * start.
     */
    private static SSLContext defaultTls() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new ExplainedFault("This Java runtime has no TLS.", e);
        }
    }

    /** Connects what the metrics read when they are asked. */
    void measured(Metrics metrics, InstantSource clock) {
        metrics.accounts()
                .counted(() -> count(Session.Status::loggedIn), () -> count(Session.Status::connected))
                .standing(
                        state -> count(status -> status.standing()
                                .filter(now -> now.state() == state)
                                .isPresent()),
                        accounts::restricted,
                        this::fewestPreKeys)
                .holds(() -> accounts.held().size(), () -> longestHeld(clock.millis()));
        metrics.outbox(outbox::depth, () -> outbox.age().toSeconds());
        metrics.aside(outbox::aside, webhooks.deliveries()::aside);
    }

    /** How many of the accounts that nobody holds have such a status. */
    private long count(Predicate<Session.Status> which) {
        return accounts.devices().stream()
                .filter(device -> accounts.hold(device).isEmpty())
                .filter(device -> accounts.session(device)
                        .map(Session::status)
                        .filter(which)
                        .isPresent())
                .count();
    }

    private double fewestPreKeys() {
        return accounts.devices().stream()
                .flatMap(device -> accounts.session(device).stream())
                .map(Session::preKeysLeft)
                .filter(OptionalInt::isPresent)
                .mapToDouble(OptionalInt::getAsInt)
                .min()
                .orElse(Double.NaN);
    }

    /** How long an account has been held at most, in seconds; 0 when no account is held. */
    private long longestHeld(long now) {
        return accounts.held().stream()
                .mapToLong(hold -> Math.max(0, now - hold.heldAt()) / 1000)
                .max()
                .orElse(0);
    }

    /** Whether the first account is paired. */
    boolean isFirstPaired() {
        return accounts.session(FIRST_ACCOUNT)
                .filter(session -> session.status().loggedIn())
                .isPresent();
    }
}
