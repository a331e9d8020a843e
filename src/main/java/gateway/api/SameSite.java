package gateway.api;

import java.net.URI;
import java.util.function.Predicate;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.http.Problem;

/**
 * Refuses what another site makes a browser ask for. The contract has GETs that change things and takes forms, and
 * browsers send credentials along with both (OWASP ASVS 3.5.1, 3.5.3). Every browser says where a request comes from;
 * programs say nothing, and pass.
 */
final class SameSite implements Handler {
    private static final HeaderName FETCH_SITE = HeaderNames.create("Sec-Fetch-Site");

    private final Predicate<String> allowedOrigin;

    /** @param allowedOrigin origins that may ask from elsewhere (APP_CORS_ALLOWED_ORIGINS) */
    SameSite(Predicate<String> allowedOrigin) {
        this.allowedOrigin = allowedOrigin;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        var origin = request.headers().first(HeaderNames.ORIGIN).orElse("");
        if (origin.isEmpty() || !allowedOrigin.test(origin)) {
            var site = request.headers().first(FETCH_SITE).orElse("");
            // «none» is what a person typed or bookmarked.
            boolean foreign = site.isEmpty()
                    ? !origin.isEmpty() && !isOwn(origin, request)
                    : !site.equals("same-origin") && !site.equals("none");
            if (foreign) {
                throw Problem.forbidden("Another site made the browser ask for this; it is not done. "
                        + "Name the site in APP_CORS_ALLOWED_ORIGINS if it may.");
            }
        }
        response.next();
    }

    /** Only host and port are compared: behind a TLS edge the scheme here is not the browser's. */
    private static boolean isOwn(String origin, ServerRequest request) {
        try {
            return request.authority().equalsIgnoreCase(URI.create(origin).getAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
