package gateway.api.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import org.jspecify.annotations.Nullable;

/** {@code /openapi.yaml} and the page made of it, {@code /docs}: no script, and no style but its own file. */
public final class Docs implements HttpService {
    private static final String CSP =
            "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final HeaderName POLICY = HeaderNames.create("Content-Security-Policy");

    /** Made at the first visit: most gateways are never asked. Kept, so that a hundred readers share one copy. */
    private byte @Nullable [] page;

    private byte @Nullable [] text;

    @Override
    public void routing(HttpRules rules) {
        rules.get("/openapi.yaml", (request, response) -> send(response, "application/yaml; charset=utf-8", text()))
                .get("/docs", this::docs)
                .get(
                        "/docs.css",
                        (request, response) -> send(response, "text/css; charset=utf-8", resource("docs.css")));
    }

    private void docs(ServerRequest request, ServerResponse response) {
        response.header(POLICY, CSP);
        send(response, "text/html; charset=utf-8", page());
    }

    private synchronized byte[] page() {
        if (page == null) {
            page = DocsPage.of(specification()).getBytes(StandardCharsets.UTF_8);
        }
        return page;
    }

    private synchronized byte[] text() {
        if (text == null) {
            text = resource("openapi.yaml");
        }
        return text;
    }

    public static JsonNode specification() {
        try {
            return new YAMLMapper().readTree(resource("openapi.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void send(ServerResponse response, String type, byte[] body) {
        response.header(HeaderNames.CONTENT_TYPE, type).send(body);
    }

    private static byte[] resource(String name) {
        try (var in = Docs.class.getResourceAsStream("/gateway/api/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
