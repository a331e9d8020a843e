package gateway.webhook;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import gateway.engine.Event;
import gateway.engine.Jid;
import gateway.outbound.AddressGuard;
import gateway.webhook.payload.Account;
import gateway.webhook.payload.EventName;
import gateway.webhook.payload.PayloadDialect;

/**
 * A place that is told what happens.
 *
 * @param id names it in deliveries, lists and metrics; never reused for another
 * @param url https, see {@link AddressGuard}
 * @param events the event names it wants, lower case; empty = all
 * @param ignored addresses it does not want to hear of; {@code @g.us}, {@code @s.whatsapp.net}, {@code @lid} stand for
 *     all chats of that kind
 * @param enabled whether the operator wants it to be told
 * @param device the one account it is told of, or empty for every account
 * @param configured from the settings, rather than made at run time
 */
public record Endpoint(
        String id,
        String url,
        EndpointSecrets secrets,
        Set<String> events,
        List<String> ignored,
        PayloadDialect dialect,
        boolean enabled,
        String device,
        boolean configured) {

    public Endpoint {
        events = Set.copyOf(events);
        ignored = List.copyOf(ignored);
    }

    /** Whether this endpoint is to hear of the event. */
    boolean wants(Account account, Event event) {
        return enabled
                && (device.isEmpty() || device.equals(account.device()))
                && (events.isEmpty() || events.contains(EventName.of(event)))
                && !ignores(event);
    }

    private boolean ignores(Event event) {
        return switch (event) {
            case Event.Message message -> ignores(message.chat(), message.sender());
            case Event.Receipt receipt -> ignores(receipt.chat(), receipt.sender());
            case Event.Failed failed -> ignores(failed.chat(), failed.chat());
            case Event.DeletedForMe deleted -> ignores(deleted.chat(), deleted.sender());
            case Event.Typing typing -> ignores(typing.chat(), typing.sender());
            case Event.Members members -> ignores(members.group(), members.group());
            case Event.GroupJoined joined -> ignores(joined.group(), joined.group());
            case Event.Newsletter newsletter -> ignores(newsletter.newsletter(), newsletter.newsletter());
            case Event.CallOffer call -> ignores(call.group().orElse(call.from()), call.from());
            case Event.IdentityChanged changed -> ignores(changed.person(), changed.person());
            case Event.LabelChat label -> ignores(label.chat(), label.chat());
            case Event.LabelEdit label -> false;
            case Event.Connection connection -> false;
            case Event.Marked marked -> ignores(marked.chat(), marked.chat());
        };
    }

    private boolean ignores(Jid chat, Jid sender) {
        return ignored.contains("@" + chat.server())
                || ignored.contains(chat.toString())
                || ignored.contains(sender.toString());
    }

    /** Whether both tell the same receiver of an event that both hear of. */
    boolean repeats(Endpoint other) {
        return !id.equals(other.id)
                && url.equals(other.url)
                && (device.isEmpty() || other.device.isEmpty() || device.equals(other.device))
                && (events.isEmpty() || other.events.isEmpty() || !Collections.disjoint(events, other.events));
    }

    /** Only the host: paths and queries of webhook URLs often hold a token. */
    String host() {
        return url.replaceFirst("^[a-zA-Z]+://", "").replaceFirst("[/?].*$", "").toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return "Endpoint[" + id + " " + host() + "]";
    }
}
