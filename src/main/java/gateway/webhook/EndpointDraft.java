package gateway.webhook;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import gateway.engine.Jid;
import gateway.webhook.payload.EventName;
import gateway.webhook.payload.PayloadDialect;

/**
 * What an operator asks an endpoint to be; what is empty stays as it was, or takes the default.
 *
 * @param duplicate whether another endpoint may be told of the same events at the same address
 * @param secret a new one; the one it replaces stays valid for {@link EndpointBook#OVERLAP}
 */
public record EndpointDraft(
        Optional<String> url,
        Optional<String> secret,
        Optional<List<String>> events,
        Optional<List<String>> ignored,
        Optional<String> dialect,
        Optional<String> device,
        Optional<Boolean> enabled,
        boolean duplicate) {

    private static final Pattern WILDCARD = Pattern.compile("@(s\\.whatsapp\\.net|g\\.us|newsletter|lid|broadcast)");

    /** One that repeats no other endpoint. */
    public EndpointDraft(
            Optional<String> url,
            Optional<String> secret,
            Optional<List<String>> events,
            Optional<List<String>> ignored,
            Optional<String> dialect,
            Optional<String> device,
            Optional<Boolean> enabled) {
        this(url, secret, events, ignored, dialect, device, enabled, false);
    }

    /** The same, where another endpoint may be told of the same events at the same address. */
    public EndpointDraft allowingDuplicate() {
        return new EndpointDraft(url, secret, events, ignored, dialect, device, enabled, true);
    }

    public static EndpointDraft of(String url, String secret) {
        return new EndpointDraft(
                Optional.of(url),
                Optional.of(secret),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Whether it takes back that an endpoint was given up, and asks for nothing else. */
    boolean onlyEnables() {
        return Stream.of(url, secret, events, ignored, dialect, device).allMatch(Optional::isEmpty)
                && enabled.equals(Optional.of(true));
    }

    static PayloadDialect checkedDialect(String name) {
        try {
            return PayloadDialect.named(name);
        } catch (IllegalArgumentException e) {
            throw new InvalidEndpoint("dialect", "must be v7 or v8");
        }
    }

    static Set<String> checkedEvents(List<String> names) {
        var events = new LinkedHashSet<String>();
        for (var name : names) {
            var event = name.strip().toLowerCase(Locale.ROOT);
            if (!EventName.KNOWN.contains(event)) {
                throw new InvalidEndpoint(
                        "events",
                        "has a name that is no event; there are "
                                + String.join(
                                        ", ", EventName.KNOWN.stream().sorted().toList()));
            }
            events.add(event);
        }
        return events;
    }

    static List<String> checkedIgnored(List<String> addresses) {
        var ignored = new ArrayList<String>();
        for (var address : addresses) {
            var one = address.strip();
            if (!WILDCARD.matcher(one).matches()) {
                try {
                    one = Jid.parse(one).toString();
                } catch (IllegalArgumentException e) {
                    throw new InvalidEndpoint(
                            "ignore",
                            "has an entry that is no WhatsApp address; write one such as "
                                    + "6281234567890@s.whatsapp.net, or @g.us for all groups");
                }
            }
            ignored.add(one);
        }
        return ignored;
    }
}
