package gateway.api.request;

import java.util.Optional;
import java.util.regex.Pattern;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;

import gateway.auth.Principal;
import gateway.http.Exchange;
import gateway.http.Problem;
import gateway.messaging.IdempotencyKey;

/** The {@code Idempotency-Key} header of a request that sends. */
public final class IdempotencyHeader {
    private static final HeaderName NAME = HeaderNames.create("Idempotency-Key");
    /** Visible ASCII, quoted or not; the IETF draft's string form and what clients send in its place. */
    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7E]{1,255}");

    private IdempotencyHeader() {}

    /** @throws Problem 400 when it is there and cannot be a key */
    public static Optional<IdempotencyKey> of(ServerRequest request) {
        return request.headers().first(NAME).map(key -> {
            if (!FORM.matcher(key).matches()) {
                throw Problem.badField("Idempotency-Key", "must be 1 to 255 visible ASCII characters");
            }
            return new IdempotencyKey(
                    Exchange.current().principal().map(Principal::owner).orElse(""), key);
        });
    }
}
