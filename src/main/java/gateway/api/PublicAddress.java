package gateway.api;

import java.util.function.Predicate;
import java.util.regex.Pattern;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;

/** The address a client reached us by, for links in replies: {@code https://whatsapp.example.org/base}. */
final class PublicAddress {
    private static final HeaderName FORWARDED_PREFIX = HeaderNames.create("X-Forwarded-Prefix");
    private static final Pattern PREFIX = Pattern.compile("(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*){1,8}");

    private final String basePath;
    private final Predicate<ServerRequest> fromTrustedProxy;

    /** @param fromTrustedProxy whether {@code X-Forwarded-Proto} and {@code -Prefix} of this request may be believed */
    PublicAddress(String basePath, Predicate<ServerRequest> fromTrustedProxy) {
        this.basePath = basePath;
        this.fromTrustedProxy = fromTrustedProxy;
    }

    String of(ServerRequest request) {
        if (!fromTrustedProxy.test(request)) {
            return "http://" + request.authority() + basePath;
        }
        var https = request.headers()
                .first(HeaderNames.X_FORWARDED_PROTO)
                .filter("https"::equals)
                .isPresent();
        // The path under which a proxy serves one of several instances.
        var prefix = request.headers()
                .first(FORWARDED_PREFIX)
                .filter(text -> PREFIX.matcher(text).matches())
                .orElse("");
        return (https ? "https://" : "http://") + request.authority() + prefix + basePath;
    }
}
