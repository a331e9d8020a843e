package gateway.api;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;

/**
 * The address a client reached us by, for links in replies: {@code https://whatsapp.example.org/base}. An operator's
 * word counts first, then a trusted proxy's, then the request's own.
 */
final class PublicAddress {
    private static final HeaderName FORWARDED_PREFIX = HeaderNames.create("X-Forwarded-Prefix");
    private static final Pattern PREFIX = Pattern.compile("(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*){1,8}");
    /** A host and perhaps a port; nothing that could end a link early. */
    private static final Pattern HOST =
            Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?");

    private final String basePath;
    private final Optional<String> stated;
    private final Predicate<ServerRequest> fromTrustedProxy;

    /**
     * Knows where links lead.
     *
     * @param stated where clients reach the gateway, without the base path
     * @param fromTrustedProxy whether forwarding headers of this request may be believed
     */
    PublicAddress(String basePath, Optional<URI> stated, Predicate<ServerRequest> fromTrustedProxy) {
        this.basePath = basePath;
        this.stated = stated.map(URI::toString);
        this.fromTrustedProxy = fromTrustedProxy;
    }

    String of(ServerRequest request) {
        if (stated.isPresent()) {
            return stated.get() + basePath;
        }
        if (!fromTrustedProxy.test(request)) {
            return "http://" + request.authority() + basePath;
        }
        var https = first(request, HeaderNames.X_FORWARDED_PROTO)
                .or(() -> forwarded(request, "proto"))
                .filter("https"::equalsIgnoreCase)
                .isPresent();
        var host = first(request, HeaderNames.X_FORWARDED_HOST)
                .or(() -> forwarded(request, "host"))
                .filter(text -> HOST.matcher(text).matches())
                .orElseGet(request::authority);
        // The path under which a proxy serves one of several instances.
        var prefix = request.headers()
                .first(FORWARDED_PREFIX)
                .filter(text -> PREFIX.matcher(text).matches())
                .orElse("");
        return (https ? "https://" : "http://") + host + prefix + basePath;
    }

    /** The first of the values: the proxy that the client itself spoke to. */
    private static Optional<String> first(ServerRequest request, HeaderName name) {
        return request.headers()
                .first(name)
                .map(text -> text.split(",", 2)[0].strip())
                .filter(text -> !text.isEmpty());
    }

    /** A parameter of the first element of {@code Forwarded} (RFC 7239). */
    private static Optional<String> forwarded(ServerRequest request, String parameter) {
        var element = request.headers()
                .first(HeaderNames.FORWARDED)
                .map(text -> text.split(",", 2)[0])
                .orElse("");
        return List.of(element.split(";")).stream()
                .map(String::strip)
                .filter(pair -> pair.toLowerCase(Locale.ROOT).startsWith(parameter + "="))
                .map(pair -> pair.substring(parameter.length() + 1).replace("\"", ""))
                .findFirst();
    }
}
