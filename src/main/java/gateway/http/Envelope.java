package gateway.http;

import java.io.IOException;
import java.util.Objects;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * What every reply of the API is wrapped in: {@code {"code":"SUCCESS","message":"…","results":…}}, and for a refusal
 * {@code {"code":"…","message":"…"}}. {@code results} is left out when there is none.
 */
public final class Envelope {
    /** Of a reply with a body: charset said aloud (OWASP ASVS 4.1.1). */
    public static final Header JSON_TYPE =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json; charset=utf-8");

    /** Names, values and brackets of one text: each takes up to 100 bytes once it is read. */
    private static final long MAX_TOKENS = 50_000;

    /**
     * Reads and writes every JSON text of the gateway. Strict on the way in: a duplicate key, trailing text, or nesting
     * deeper than 64 is an error, because two parsers that disagree on such a text are a way past validation
     * (OWASP ASVS 1.5.3). A character beyond the BMP is written in its 4 bytes of UTF-8, not as two escapes of 6.
     */
    public static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxNumberLength(64)
                            .maxTokenCount(MAX_TOKENS)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    // By default each thread keeps buffers of 16 kB, and here each connection is a thread.
                    .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                    .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private Envelope() {}

    /** Sends 200 with {@code results}; {@code null} leaves the member out. */
    public static void success(ServerResponse response, String message, @Nullable JsonNode results) {
        reply(response, 200, "SUCCESS", message, results);
    }

    /** Writes the value of {@code results}, one JSON value. */
    @FunctionalInterface
    public interface Results {
        void write(JsonGenerator json) throws IOException;
    }

    /** As {@link #success}, for a large result that is written as it is gone through; no tree of it is made. */
    public static void written(ServerResponse response, String message, Results results) {
        written(response, pieces(message, results));
    }

    /** As {@link #written}, with a tag of the body; a client that has this body is answered 304. */
    public static void tagged(ServerRequest request, ServerResponse response, String message, Results results) {
        var pieces = pieces(message, results);
        var tag = pieces.tag();
        if (EntityTag.isKnown(request, tag)) {
            EntityTag.notModified(response, tag);
        } else {
            EntityTag.put(response, tag);
            written(response, pieces);
        }
    }

    private static void written(ServerResponse response, Pieces pieces) {
        begin(response);
        pieces.send(response);
    }

    /** Sets what stands above the body of a success. */
    static void begin(ServerResponse response) {
        response.status(Status.OK_200);
        response.headers().set(JSON_TYPE);
    }

    static Pieces pieces(String message, Results results) {
        var pieces = new Pieces();
        try (var json = JSON.getFactory().createGenerator(pieces)) {
            json.writeStartObject();
            json.writeStringField("code", "SUCCESS");
            json.writeStringField("message", Objects.requireNonNull(message));
            json.writeFieldName("results");
            results.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("A result could not be written as JSON", e);
        }
        return pieces;
    }

    /** Sends a reply of any status. */
    public static void reply(
            ServerResponse response, int status, String code, String message, @Nullable JsonNode results) {
        response.status(Status.create(status));
        response.headers().set(JSON_TYPE);
        var pieces = new Pieces();
        try {
            JSON.writeValue(pieces, body(code, message, results));
        } catch (IOException e) {
            throw new IllegalStateException("A tree of nodes could not be written as JSON", e);
        }
        pieces.send(response);
    }

    private static ObjectNode body(String code, String message, @Nullable JsonNode results) {
        ObjectNode body = JSON.createObjectNode();
        body.put("code", Objects.requireNonNull(code));
        body.put("message", Objects.requireNonNull(message));
        if (results != null) {
            body.set("results", results);
        }
        return body;
    }

    /** The reply's text in UTF-8. */
    public static byte[] bytes(String code, String message, @Nullable JsonNode results) {
        try {
            return JSON.writeValueAsBytes(body(code, message, results));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of nodes could not be written as JSON", e);
        }
    }
}
