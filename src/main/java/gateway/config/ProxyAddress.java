package gateway.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An HTTP proxy by which connections leave, {@code http://HOST:PORT} or {@code http://USER:PASSWORD@HOST:PORT}. Its text
 * shows no password.
 *
 * @param user empty for a proxy that asks for no password
 */
public record ProxyAddress(String host, int port, Optional<String> user, Secret password) {
    private static final String FORM = "give http://HOST:PORT or http://USER:PASSWORD@HOST:PORT";
    private static final int MAX_PORT = 65_535;
    private static final int MAX_LENGTH = 1_024;

    /** @throws Invalid with a text that repeats nothing of the value, which may hold a password */
    public static ProxyAddress parse(String text) throws Invalid {
        try {
            var uri = new URI(text);
            boolean bare = uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && (uri.getRawPath() == null || uri.getRawPath().matches("/?"));
            if (text.length() > MAX_LENGTH
                    || !"http".equalsIgnoreCase(uri.getScheme())
                    || uri.getHost() == null
                    || uri.getPort() < 1
                    || uri.getPort() > MAX_PORT
                    || !bare) {
                throw new Invalid("is not the address of an HTTP proxy", FORM);
            }
            var login = uri.getRawUserInfo();
            if (login == null) {
                return new ProxyAddress(uri.getHost(), uri.getPort(), Optional.empty(), new Secret(""));
            }
            int colon = login.indexOf(':');
            if (colon < 1) {
                throw new Invalid("names a user without a password", FORM);
            }
            var user = decoded(login.substring(0, colon));
            var password = decoded(login.substring(colon + 1));
            if ((user + password).chars().anyMatch(Character::isISOControl) || user.contains(":")) {
                throw new Invalid("has a user or a password with a character that no proxy takes", FORM);
            }
            return new ProxyAddress(uri.getHost(), uri.getPort(), Optional.of(user), new Secret(password));
        } catch (URISyntaxException | IllegalArgumentException _) {
            throw new Invalid(
                    "is not the address of an HTTP proxy",
                    FORM + "; write %40 for an @ in the password, %3A for a colon");
        }
    }

    private static String decoded(String text) {
        // A plus is a plus here, and no blank.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** The address without user and password. */
    public static String mask(String text) {
        try {
            return parse(text).toString();
        } catch (Invalid _) {
            return Secret.MASK;
        }
    }

    @Override
    public String toString() {
        return "http://" + host + ":" + port;
    }
}
