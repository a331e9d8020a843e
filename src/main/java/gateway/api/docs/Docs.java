package gateway.api.docs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import org.jspecify.annotations.Nullable;

import gateway.digest.Sha256;
import gateway.http.EntityTag;
import gateway.http.Exchange;

/** {@code /openapi.yaml} and the page made of it, {@code /docs}: no script and no style but its own files. */
public final class Docs implements HttpService {
    private static final String CSP =
            "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final HeaderName POLICY = HeaderNames.create("Content-Security-Policy");

    /** Made at the first visit: most gateways are never asked. Kept, so that a hundred readers share one copy. */
    private @Nullable Document page;

    private @Nullable Document text;

    private @Nullable Document style;

    private @Nullable Document script;

    /** What is sent: the text, the same in gzip, and its entity tag. */
    private record Document(String type, byte[] plain, byte[] zipped, String etag) {
        static Document of(String type, byte[] plain) {
            var zipped = new ByteArrayOutputStream();
            try (var out = new GZIPOutputStream(zipped)) {
                out.write(plain);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new Document(
                    type, plain, zipped.toByteArray(), HexFormat.of().formatHex(Sha256.of(plain), 0, 16));
        }
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/openapi.yaml", (request, response) -> send(request, response, text()))
                .get("/docs", this::docs)
                .get("/docs.css", (request, response) -> send(request, response, style()))
                .get("/docs.js", (request, response) -> send(request, response, script()));
    }

    private void docs(ServerRequest request, ServerResponse response) {
        response.header(POLICY, CSP);
        send(request, response, page());
    }

    private synchronized Document page() {
        if (page == null) {
            page = Document.of(
                    "text/html; charset=utf-8", DocsPage.of(specification()).getBytes(StandardCharsets.UTF_8));
        }
        return page;
    }

    private synchronized Document text() {
        if (text == null) {
            text = Document.of("application/yaml; charset=utf-8", resource("openapi.yaml"));
        }
        return text;
    }

    private synchronized Document style() {
        if (style == null) {
            style = Document.of("text/css; charset=utf-8", resource("docs.css"));
        }
        return style;
    }

    private synchronized Document script() {
        if (script == null) {
            script = Document.of("text/javascript; charset=utf-8", resource("docs.js"));
        }
        return script;
    }

    public static JsonNode specification() {
        try {
            return new YAMLMapper().readTree(resource("openapi.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void send(ServerRequest request, ServerResponse response, Document document) {
        boolean zips =
                takesGzip(request.headers().first(HeaderNames.ACCEPT_ENCODING).orElse(""));
        // Of each coding its own, because a strong tag names the bytes as they are sent.
        var etag = '"' + document.etag() + (zips ? "-gzip" : "") + '"';
        Exchange.current().header("Vary", "Accept-Encoding, Origin");
        response.header(HeaderNames.CACHE_CONTROL, "private, no-cache").header(HeaderNames.ETAG, etag);
        if (EntityTag.isKnown(request, etag)) {
            response.status(Status.NOT_MODIFIED_304).send();
            return;
        }
        response.header(HeaderNames.CONTENT_TYPE, document.type());
        if (zips) {
            response.header(HeaderNames.CONTENT_ENCODING, "gzip");
        }
        response.send(zips ? document.zipped() : document.plain());
    }

    private static boolean takesGzip(String accepted) {
        return Arrays.stream(accepted.toLowerCase(Locale.ROOT).split(","))
                .map(coding -> coding.replace(" ", ""))
                .anyMatch(coding ->
                        coding.equals("gzip") || coding.startsWith("gzip;q=") && !coding.matches("gzip;q=0(\\.0*)?"));
    }

    private static byte[] resource(String name) {
        try (var in = Docs.class.getResourceAsStream("/gateway/api/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
