package gateway.api;

import java.util.function.Predicate;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;

/** The address a client reached us by, for links in replies: {@code https://whatsapp.example.org/base}. */
final class PublicAddress {
    private final String basePath;
    private final Predicate<ServerRequest> fromTrustedProxy;

    /** @param fromTrustedProxy whether {@code X-Forwarded-Proto} of this request may be believed */
    PublicAddress(String basePath, Predicate<ServerRequest> fromTrustedProxy) {
        this.basePath = basePath;
        this.fromTrustedProxy = fromTrustedProxy;
    }

    String of(ServerRequest request) {
        var https = fromTrustedProxy.test(request)
                && request.headers().first(HeaderNames.X_FORWARDED_PROTO).filter("https"::equals).isPresent();
        return (https ? "https://" : "http://") + request.authority() + basePath;
    }
}
