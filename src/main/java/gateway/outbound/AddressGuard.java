package gateway.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Keeps the gateway from being sent into the operator's own network by a URL that somebody else chose (server-side
 * request forgery, OWASP ASVS 15.3.2). A URL is read by one strict grammar, so that no two parsers can disagree on its
 * host; every address its host resolves to is judged, and the one that is returned is the one to connect to.
 */
public final class AddressGuard {
    /** Longest URL, in characters. */
    private static final int MAX = 2048;
    /** RFC 1035 §2.3.4. */
    private static final int MAX_NAME = 253;

    /**
     * No user info, no fragment, no percent sign in the host, printable ASCII without quotes, backslash and angle
     * brackets.
     */
    private static final Pattern URL = Pattern.compile(
            "(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?:\\[(?<v6>[0-9A-Fa-f:.]{2,45})]|(?<name>[A-Za-z0-9._-]+))(?::(?<port>[1-9][0-9]{0,4}))?"
                    + "(?<path>/[A-Za-z0-9._~!$&'()*+,;=:@/%-]*)?(?<query>\\?[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*)?");

    private static final Pattern LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");
    /**
     * What the URL standard takes for the last part of an IPv4 address, in decimal, octal or hexadecimal (WHATWG URL
     * §3.5).
     */
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");

    private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");

    private final AddressRules rules;
    private final Resolver resolver;

    public AddressGuard(AddressRules rules, Resolver resolver) {
        this.rules = rules;
        this.resolver = resolver;
    }

    /**
     * Reads a URL. A host that is an address is judged at once; a name when it is connected to, every time.
     *
     * @throws RefusedAddress with what is wrong and what to write instead
     */
    public Target target(String url) {
        if (url.length() > MAX) {
            throw new RefusedAddress("The URL is longer than " + MAX + " characters.");
        }
        var form = URL.matcher(url);
        if (!form.matches()) {
            throw new RefusedAddress("The URL is not of the form https://host/path: no user name, fragment, blank or "
                    + "other than ASCII characters (write an international name in its xn-- form).");
        }
        boolean secure = secure(form.group("scheme"));
        var host = form.group("v6") != null
                ? v6(form.group("v6"))
                : name(form.group("name").toLowerCase(Locale.ROOT));
        int port = form.group("port") == null ? secure ? 443 : 80 : Integer.parseInt(form.group("port"));
        if (port > 65_535 || port < 1024 && port != (secure ? 443 : 80)) {
            throw new RefusedAddress(
                    "The port " + port + " is not allowed: use " + (secure ? "443" : "80") + " or 1024 to 65535.");
        }
        var path = form.group("path") == null ? "/" : form.group("path");
        var target = new Target(secure, host, port, form.group("query") == null ? path : path + form.group("query"));
        if (target.isLiteral()) {
            judge(literal(host));
        }
        return target;
    }

    /**
     * Asks for the host's addresses and judges all of them; one bad address among good ones refuses the name, because
     * whoever runs the name server chose it.
     *
     * @return the addresses to connect to, in order
     * @throws RefusedAddress when one is not allowed
     * @throws UnknownHostException when there are none
     */
    public InetAddress[] addresses(Target target) throws UnknownHostException {
        return judged(
                target.isLiteral() ? new InetAddress[] {literal(target.host())} : resolver.resolve(target.host()));
    }

    /**
     * As {@link #addresses(Target)}, for a host that stands in no URL. Whatever its notation, the addresses that are
     * judged are those that are returned.
     *
     * @param host a name, or an address
     */
    public InetAddress[] addresses(String host) throws UnknownHostException {
        return judged(resolver.resolve(host));
    }

    private InetAddress[] judged(InetAddress[] addresses) throws UnknownHostException {
        if (addresses.length == 0) {
            throw new UnknownHostException("the name has no address");
        }
        for (var address : addresses) {
            judge(address);
        }
        return addresses;
    }

    private void judge(InetAddress address) {
        if (!rules.permits(address)) {
            throw new RefusedAddress(
                    "The host's address is not a public one. For a host on the premises, name its network in "
                            + rules.settings() + "_ALLOW_CIDRS.");
        }
    }

    private boolean secure(String scheme) {
        if (scheme.equalsIgnoreCase("https")) {
            return true;
        }
        if (scheme.equalsIgnoreCase("http")) {
            if (rules.allowHttp()) {
                return false;
            }
            throw new RefusedAddress("The URL must begin with https://. " + rules.settings()
                    + "_ALLOW_HTTP=true allows http for tests.");
        }
        throw new RefusedAddress("The URL must begin with https://.");
    }

    private static String name(String host) {
        var labels = host.split("\\.", -1);
        if (NUMBER.matcher(labels[labels.length - 1]).matches()) {
            return v4(host, labels);
        }
        boolean wellFormed = host.length() <= MAX_NAME;
        for (var label : labels) {
            wellFormed &= LABEL.matcher(label).matches();
        }
        if (!wellFormed) {
            throw new RefusedAddress("The URL's host is not a well-formed name (no empty part, no final dot).");
        }
        return host;
    }

    private static String v4(String host, String[] parts) {
        boolean wellFormed = parts.length == 4;
        for (var part : parts) {
            wellFormed &= OCTET.matcher(part).matches() && Integer.parseInt(part) <= 255;
        }
        if (!wellFormed) {
            throw new RefusedAddress(
                    "The URL's host is an address in an unusual notation. Write four decimal numbers, such as 192.0.2.1.");
        }
        return host;
    }

    private static String v6(String text) {
        var address = literal(text);
        if (address.getAddress().length != 16) {
            throw new RefusedAddress("The URL's host is an IPv4 address written as IPv6. Write it as IPv4.");
        }
        return address.getHostAddress();
    }

    /** Of text the grammar knows to be an address, so that no name server is asked. */
    private static InetAddress literal(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new RefusedAddress("The URL's host is not a well-formed address.");
        }
    }
}
