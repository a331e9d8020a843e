package gateway.check;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The edge in front of the gateway, as nginx's site or the Caddyfile describes it.
 *
 * @param name the server's name
 */
record Edge(String name, int http, int https, boolean caddy) {
    static final Path NGINX = Path.of("/etc/nginx/sites-enabled/whatsapp");
    static final Path CADDY = Path.of("/etc/caddy/Caddyfile");
    private static final Pattern NAME = Pattern.compile("(?m)^\\s*server_name ([A-Za-z0-9.-]+);");
    private static final Pattern HTTPS = Pattern.compile("(?m)^\\s*listen ([0-9]{1,5}) ssl");
    private static final Pattern HTTP = Pattern.compile("(?m)^\\s*listen ([0-9]{1,5})(?: default_server)?;");
    private static final Pattern SITE = Pattern.compile("(?m)^([A-Za-z0-9.-]+) \\{");
    private static final Pattern CADDY_HTTP = Pattern.compile("(?m)^\\s*http_port ([0-9]{1,5})");
    private static final Pattern CADDY_HTTPS = Pattern.compile("(?m)^\\s*https_port ([0-9]{1,5})");

    /** @throws Unseen when this machine has no edge, or its file cannot be read */
    static Edge of(Evidence evidence) {
        return found(evidence)
                .orElseThrow(() -> new Unseen("this machine has no edge: neither " + NGINX + " nor " + CADDY));
    }

    /** As {@link #of}; empty when there is no edge. */
    static Optional<Edge> found(Evidence evidence) {
        var nginx = evidence.text(NGINX);
        if (nginx.isPresent()) {
            return Optional.of(new Edge(
                    first(NAME, nginx.get()).orElseThrow(() -> new Unseen(NGINX + " names no server")),
                    port(HTTP, nginx.get(), 80),
                    port(HTTPS, nginx.get(), 443),
                    false));
        }
        return evidence.text(CADDY)
                .map(text -> new Edge(
                        first(SITE, text).orElseThrow(() -> new Unseen(CADDY + " names no server")),
                        port(CADDY_HTTP, text, 80),
                        port(CADDY_HTTPS, text, 443),
                        true));
    }

    Evidence.Reply get(Evidence evidence, String path) {
        return evidence.http(new Evidence.Request(https, true, name, path));
    }

    private static int port(Pattern pattern, String text, int otherwise) {
        return first(pattern, text).map(Integer::valueOf).orElse(otherwise);
    }

    private static Optional<String> first(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).findFirst();
    }
}
