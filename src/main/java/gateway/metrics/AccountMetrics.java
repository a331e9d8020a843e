package gateway.metrics;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Tag;

import gateway.engine.Event;
import gateway.engine.Standing;

/** The metrics of the accounts and of their connections to WhatsApp. */
public final class AccountMetrics {
    /** The reasons that a connection ends for, as engines name them. */
    private static final List<String> REASONS = List.of(
            "lost",
            "restart",
            "server_error",
            "replaced",
            "outdated",
            "refused",
            "untrusted",
            "ill_formed",
            "unlinked",
            "logged_out",
            "closed");

    private final Metrics metrics;

    AccountMetrics(Metrics metrics) {
        this.metrics = metrics;
    }

    AccountMetrics begun() {
        reconnects();
        formerReconnects();
        losses("logged_out");
        losses("unlinked");
        losses("banned");
        REASONS.forEach(this::disconnects);
        return this;
    }

    private Counter reconnects() {
        return metrics.counter("whatsapp_reconnects_total", "Times an account's connection to WhatsApp came up.");
    }

    private Counter formerReconnects() {
        return metrics.counter(
                "whatsapp_reconnect_total", "The former name of whatsapp_reconnects_total; the next release drops it.");
    }

    private Counter losses(String how) {
        return metrics.counter(
                "whatsapp_account_losses_total",
                "Times an account was logged out by a client, unlinked by its phone or by WhatsApp, or banned.",
                Tag.create("how", how));
    }

    private Counter disconnects(String reason) {
        return metrics.counter(
                "whatsapp_disconnects_total",
                "Times an account's connection to WhatsApp ended, or was refused, by reason.",
                Tag.create("reason", reason));
    }

    /** A connection came to a new state. */
    void stored(Event.Connection connection) {
        switch (connection.state()) {
            case CONNECTED -> {
                reconnects().increment();
                formerReconnects().increment();
            }
            case LOGGED_OUT ->
                losses(connection.unasked() ? "unlinked" : "logged_out").increment();
            case BANNED -> losses("banned").increment();
            case DISCONNECTED -> {
                if (REASONS.contains(connection.reason())) {
                    disconnects(connection.reason()).increment();
                }
            }
            case PAIRING, PAIRED -> {}
        }
    }

    /**
     * Figures that are asked for when Prometheus scrapes.
     *
     * @param paired accounts that have a phone and are not held, whether or not their line is up
     */
    public AccountMetrics counted(Supplier<Number> paired, Supplier<Number> connected) {
        metrics.gauge("whatsapp_accounts_paired", "Accounts that are paired with a phone and not held.", paired);
        metrics.gauge(
                "whatsapp_accounts_connected", "Accounts with a connection to WhatsApp at this moment.", connected);
        metrics.gauge(
                "whatsapp_connection_status",
                "The former name of whatsapp_accounts_connected; the next release drops it.",
                connected);
        return this;
    }

    /**
     * How the connections stand.
     *
     * @param in       how many accounts are in a state
     * @param restricted how many begin no chat, because WhatsApp restricts them
     * @param preKeys  the fewest one-time keys that WhatsApp has of a connected account; NaN when none is known
     */
    public AccountMetrics standing(
            ToLongFunction<Standing.State> in, Supplier<Number> restricted, Supplier<Number> preKeys) {
        for (var state : Standing.State.values()) {
            metrics.gauge(
                    "whatsapp_accounts_standing",
                    "Accounts by how their connection stands; banned and stopped ones are not opened again by now.",
                    () -> in.applyAsLong(state),
                    Tag.create("state", state.name().toLowerCase(Locale.ROOT)));
        }
        metrics.gauge(
                "whatsapp_accounts_restricted",
                "Accounts that begin no new chat for a while, because WhatsApp has restricted or banned them.",
                restricted);
        metrics.gauge(
                "whatsapp_prekeys_left",
                "The fewest one-time keys that WhatsApp has of a connected account; without them no stranger can write.",
                preKeys);
        return this;
    }

    /**
     * The accounts that an operator holds: they accept and do not send.
     *
     * @param seconds how long the first of them has been held; 0 when none is
     */
    public void holds(Supplier<Number> held, Supplier<Number> seconds) {
        metrics.gauge(
                "whatsapp_accounts_held", "Accounts that an operator holds: they accept messages and send none.", held);
        metrics.gauge(
                "whatsapp_account_held_seconds",
                "How long the first of the held accounts has been held; 0 when none is.",
                seconds);
    }
}
