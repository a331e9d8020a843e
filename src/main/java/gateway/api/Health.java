package gateway.api;

import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;

/** {@code /health}: whether this process does its work, in one word, for load balancers; it says nothing of any account. */
final class Health implements HttpService {
    private final BooleanSupplier well;

    Health(BooleanSupplier well) {
        this.well = well;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/health", (request, response) -> {
            boolean now = well.getAsBoolean();
            response.status(now ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503)
                    .header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                    .send((now ? "OK" : "Service Unavailable").getBytes(StandardCharsets.UTF_8));
        });
    }
}
