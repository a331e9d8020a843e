package gateway.config.catalogue;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import gateway.config.Invalid;
import gateway.config.Secret;
import gateway.config.ShownUrl;

/** The parsers of the webhook settings. */
final class WebhookParsers {
    /** ASVS 5.0 4.2.5: no over-long outgoing URI. */
    private static final int MAX_URL = 2048;

    private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}|localhost");
    private static final Pattern JID = Pattern.compile(
            "([0-9]{1,32}(-[0-9]{1,32})?|status)?" + "@(s\\.whatsapp\\.net|g\\.us|newsletter|lid|broadcast)");
    private static final List<String> EVENTS = List.of(
            "message",
            "message.reaction",
            "message.revoked",
            "message.edited",
            "message.deleted",
            "message.ack",
            "chat_presence",
            "group.participants",
            "group.joined",
            "newsletter.joined",
            "newsletter.left",
            "newsletter.message",
            "newsletter.mute",
            "call.offer",
            "contact.identity",
            "label.edit",
            "label.association",
            "connection.update");

    private WebhookParsers() {}

    /** No message repeats the URL: its path or query is often a receiver's only secret. */
    static URI url(String text) throws Invalid {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException malformed) {
            throw new Invalid("has a URL with a character that URLs cannot have", "percent-encode it");
        }
        if (!("https".equals(url.getScheme()) || "http".equals(url.getScheme())) || url.getHost() == null) {
            throw new Invalid("has a URL that is not https:// and a host", "write https://host/path");
        }
        if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
            throw new Invalid(
                    "has a URL with a user, a password or a fragment",
                    "remove that part; receivers know the gateway by its signature");
        }
        if (text.length() > MAX_URL || url.getPort() == 0 || url.getPort() > 65535) {
            throw new Invalid(
                    "has a URL longer than " + MAX_URL + " characters or with an impossible port", "correct that URL");
        }
        return url;
    }

    /** A URL whose receiver takes probes. Nothing beyond this machine is ever probed. */
    static URI probe(String text) throws Invalid {
        var url = url(text);
        if (!"http".equals(url.getScheme()) || !LOOPBACK.matcher(url.getHost()).matches()) {
            throw new Invalid(
                    "has a URL that does not begin with http:// and an address of loopback",
                    "write http://127.0.0.1:15852/webhook");
        }
        return url;
    }

    /** The URLs without their queries; all masked when one cannot be understood. */
    static String maskUrls(String text) {
        try {
            return Parsers.list(WebhookParsers::url).parse(text).stream()
                    .map(url -> ShownUrl.of(url.toString()))
                    .collect(Collectors.joining(","));
        } catch (Invalid invalid) {
            return Secret.MASK;
        }
    }

    static Secret secret(String text) throws Invalid {
        if (text.equalsIgnoreCase("secret")) {
            throw new Invalid(
                    "is the original's well-known default, with which anybody can sign",
                    "set one made by `openssl rand -hex 32`");
        }
        if (text.length() > 256 || text.chars().anyMatch(Character::isISOControl) || !text.equals(text.strip())) {
            throw new Invalid(
                    "is longer than 256 characters, or holds a control character or an outer space",
                    "set one made by `openssl rand -hex 32`");
        }
        return new Secret(text);
    }

    /** Event names, compared without case as the original does. */
    static Set<String> events(String text) throws Invalid {
        var events = new LinkedHashSet<String>();
        for (var name : Parsers.list(item -> item.toLowerCase(Locale.ROOT)).parse(text)) {
            if (!EVENTS.contains(name)) {
                throw new Invalid(
                        "has " + Parsers.quote(name) + ", which is not an event",
                        Spelling.nearest(name, EVENTS)
                                        .map(near -> "did you mean " + near + "? Otherwise ")
                                        .orElse("") + "choose from " + String.join(", ", EVENTS));
            }
            events.add(name);
        }
        return Set.copyOf(events);
    }

    static String jid(String text) throws Invalid {
        if (!JID.matcher(text).matches()) {
            throw new Invalid(
                    "has an item that is not an address",
                    "list full addresses such as 6281234567890@s.whatsapp.net, or @g.us for every group");
        }
        return text;
    }

    /** Only false is possible (ASVS 5.0 12.3.2); the name is known so that the refusal can say why. */
    static Boolean neverSkipVerify(String text) throws Invalid {
        if (Parsers.flag(text)) {
            throw new Invalid(
                    "would post messages to whoever answers for the receiver's name",
                    "remove it, and give the receiver a certificate from an authority that this system trusts");
        }
        return false;
    }
}
