package gateway.config.catalogue;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import gateway.config.Cidr;
import gateway.config.Invalid;
import gateway.config.Settings;

/** The parsers of the REST listener's settings. */
final class HttpParsers {
    private static final Pattern BASE_PATH = Pattern.compile("(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*");
    private static final Pattern PUBLIC_URL = Pattern.compile(
            "https?://([A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*");
    /** The guide's burst, where only a rate is given. */
    private static final int MIN_BURST = 20;

    private static final int MIN_SEND_BURST = 10;
    private static final List<Cidr> LOOPBACK = List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1"));

    private HttpParsers() {}

    static String basePath(String text) throws Invalid {
        if (text.equals("/")) {
            return "";
        }
        if (!BASE_PATH.matcher(text).matches()) {
            throw new Invalid(
                    "is " + Parsers.quote(text) + ", which is not a plain path",
                    "begin it with a slash, end it without one, and use letters, digits and - . _ ~ only: /gateway");
        }
        return text;
    }

    /** The guide's {@code true} means a proxy on this machine, not everybody (ASVS 5.0 4.1.3). */
    static List<Cidr> trustedProxies(String text) throws Invalid {
        var switchWord = text.toLowerCase(Locale.ROOT);
        if (switchWord.equals("false")) {
            return List.of();
        }
        if (switchWord.equals("true")) {
            return LOOPBACK;
        }
        var ranges = Parsers.list(Parsers::cidr).parse(text);
        if (ranges.stream().anyMatch(range -> range.prefix() == 0)) {
            throw new Invalid(
                    "trusts every address, so anybody could claim to be anybody",
                    "list the proxies' own addresses, or write true for a proxy on this machine");
        }
        return ranges;
    }

    /** An address with nothing behind its path. */
    static URI publicUrl(String text) throws Invalid {
        if (!PUBLIC_URL.matcher(text).matches()) {
            throw new Invalid(
                    "is " + Parsers.quote(text) + ", which is not an address of a gateway",
                    "write scheme, host and, where they are needed, port and path, without a slash at the end: https://wa.example.org");
        }
        return URI.create(text);
    }

    static Settings.Rate rate(String text) throws Invalid {
        return rate(text, MIN_BURST);
    }

    static Settings.Rate sendRate(String text) throws Invalid {
        return rate(text, MIN_SEND_BURST);
    }

    private static Settings.Rate rate(String text, int leastBurst) throws Invalid {
        if (text.equalsIgnoreCase("off")) {
            return new Settings.Rate(0, 0);
        }
        if (!text.matches("[1-9][0-9]{0,5}(/[0-9]{1,6})?")) {
            throw new Invalid(
                    "is " + Parsers.quote(text) + ", which is not a rate",
                    "write requests a second and burst, such as 10/20, or off");
        }
        var parts = text.split("/");
        int rate = Integer.parseInt(parts[0]);
        return new Settings.Rate(rate, parts.length == 1 ? Math.max(leastBurst, 2 * rate) : Integer.parseInt(parts[1]));
    }

    /** An origin as a browser sends it, RFC 6454 §6.2: scheme, host and, if not the scheme's own, port. */
    static String origin(String text) throws Invalid {
        if (text.contains("*") || text.equals("null")) {
            throw new Invalid(
                    "has " + Parsers.quote(text) + ", which lets any web page use its visitor's access",
                    "list exact origins such as https://app.example.com");
        }
        try {
            var uri = new URI(text);
            var scheme = uri.getScheme();
            boolean exact = ("https".equals(scheme) || "http".equals(scheme))
                    && uri.getHost() != null
                    && text.equals(scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port(uri));
            if (exact) {
                return text;
            }
        } catch (URISyntaxException notAnOrigin) {
            // reported below, like every other form
        }
        throw new Invalid(
                "has " + Parsers.quote(text) + ", which is not an origin",
                "write scheme, host and port in lower case, without the scheme's own port, a path or a final slash");
    }

    private static String port(URI uri) {
        boolean usual = uri.getPort() == (uri.getScheme().equals("https") ? 443 : 80);
        return uri.getPort() < 0 || usual ? "" : ":" + uri.getPort();
    }
}
