package gateway.config.catalogue;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

import gateway.config.Invalid;

/**
 * The parser of a twin's address: a WebSocket on a loopback address. A name is refused because what a name resolves to
 * can change; {@code localhost} stands for 127.0.0.1 and is never looked up.
 */
final class TwinAddress {
    /** Four numbers, or an IPv6 address in brackets; the shorter forms of inet_aton(3) are not taken. */
    private static final Pattern LITERAL = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-fA-F:.]+]");

    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9/_-]*");

    private TwinAddress() {}

    /** @throws Invalid for another scheme, another machine, a user, a query or a port out of 1–65535 */
    static URI parse(String text) throws Invalid {
        try {
            var uri = new URI(text);
            if (!"ws".equals(uri.getScheme())
                    || uri.getRawUserInfo() != null
                    || uri.getRawQuery() != null
                    || uri.getRawFragment() != null
                    || uri.getHost() == null
                    || uri.getPort() < 1
                    || uri.getPort() > 65_535
                    || !PATH.matcher(uri.getRawPath()).matches()) {
                throw refused(text);
            }
            return new URI("ws", null, loopback(uri.getHost(), text), uri.getPort(), uri.getRawPath(), null, null);
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw refused(text);
        }
    }

    private static String loopback(String host, String text) throws Invalid {
        if (host.equals("localhost")) {
            return "127.0.0.1";
        }
        if (!LITERAL.matcher(host).matches()) {
            throw refused(text);
        }
        var address = InetAddress.ofLiteral(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
        if (!address.isLoopbackAddress()) {
            throw refused(text);
        }
        return address.getHostAddress();
    }

    private static Invalid refused(String text) {
        return new Invalid(
                "is " + Parsers.quote(text) + ", which is not a WebSocket on a loopback address of this machine",
                "give an address such as ws://127.0.0.1:9399/ws/chat");
    }
}
