package gateway.api.request;

import java.io.EOFException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HttpMediaType;
import io.helidon.webserver.http.ServerRequest;

import gateway.budget.Share;
import gateway.engine.MediaFiles;
import gateway.http.ContentType;
import gateway.http.Envelope;
import gateway.http.Problem;

/**
 * Reads requests' bodies, in the three forms the contract takes: JSON, a form, a form with files. One form means
 * exactly one thing: a key given twice, bytes that are not UTF-8, or another charset are refused (OWASP ASVS 1.5.3).
 */
public final class Bodies {
    /** Everything but files. */
    private static final int MAX_BYTES = 1 << 20;

    private static final int SMALL_BYTES = 16 << 10;
    /** Characters of a JSON text whose tree is small whatever is in it. */
    private static final int SMALL_TREE = 2_048;
    /** The largest node: an object with its table. */
    private static final long NODE_BYTES = 100;
    /** Fields of a form, lists counted by their items. */
    private static final int MAX_PAIRS = 4_096;
    /** A text in a form that may be a list: the same name may come again. */
    private static final String LIST = "[]";

    /** The rules of one operation that openapi.yaml cannot say. */
    public interface Judge {
        /**
         * Returns a refusal of each bad field.
         *
         * @param sound the body without the fields that are already refused
         */
        List<Problem> objections(Fields sound);
    }

    private final boolean strict;
    private final DescribedFields described;
    private final DescribedFields queries;
    private final MediaFiles media;

    /**
     * Makes a reader.
     *
     * @param basePath what every path starts with: empty, or like {@code /wa}
     * @param strict false reads {@code "true"} and {@code "12"} in JSON as what they look like, as clients of the
     *     original send; true also lets a refusal name the fields that the operation does not have
     */
    public Bodies(String basePath, boolean strict, MediaFiles media) {
        this.strict = strict;
        this.described = new DescribedFields("/gateway/api/bodies.json", basePath, strict);
        this.queries = new DescribedFields("/gateway/api/queries.json", basePath, strict);
        this.media = media;
    }

    /** Reads a body without files. */
    public Fields of(ServerRequest request) {
        return of(request, Map.of());
    }

    /**
     * Reads a body, of which no field is malformed.
     *
     * @param files which fields may be files, and how many bytes each
     * @throws Problem 400 naming every bad field, 400 when the body is not what its type says, 415 for a type that is
     *     not one of the three, 413 when too large
     */
    public Fields of(ServerRequest request, Map<String, Long> files) {
        var fields = read(request, files);
        try {
            described.check(request, fields, sound -> List.of());
            return fields;
        } catch (Problem refusal) {
            fields.close();
            throw refusal;
        }
    }

    /**
     * Reads a body that is JSON, whatever its type says.
     *
     * @param most bytes; more are refused with 413
     * @param judge what the operation itself has against a field
     * @throws Problem 400 naming every bad field, those of the judge among them
     */
    public Fields json(ServerRequest request, int most, Judge judge) {
        var fields = json(body(request, most));
        described.check(request, fields, judge);
        return fields;
    }

    /**
     * Reads a query of several parameters, of which none is malformed.
     *
     * @throws Problem 400 naming every bad parameter
     */
    public Fields query(ServerRequest request) {
        var fields = Fields.ofQuery(request);
        queries.check(request, fields, sound -> List.of());
        return fields;
    }

    private Fields read(ServerRequest request, Map<String, Long> files) {
        var type = type(request);
        return switch (type.mediaType().text().toLowerCase(Locale.ROOT)) {
            case "application/json" -> json(body(request, MAX_BYTES));
            case "application/x-www-form-urlencoded" -> form(body(request, MAX_BYTES));
            case "multipart/form-data" -> multipart(request, type, files);
            default ->
                throw Problem.unsupportedType(
                        "Content-Type must be application/json, application/x-www-form-urlencoded or multipart/form-data.");
        };
    }

    private static HttpMediaType type(ServerRequest request) {
        var type = ContentType.of(request)
                .orElseThrow(() -> Problem.unsupportedType("Content-Type is missing; send application/json."));
        if (!type.charset().map(name -> name.equalsIgnoreCase("utf-8")).orElse(true)) {
            throw Problem.unsupportedType("The charset of Content-Type must be UTF-8.");
        }
        return type;
    }

    private static String body(ServerRequest request, int most) {
        try {
            return utf8(bytes(request, most));
        } catch (CharacterCodingException e) {
            throw Problem.badRequest("The body is not valid UTF-8.");
        } catch (IOException e) {
            throw Problem.badRequest("The body could not be read to its end.");
        }
    }

    /**
     * A whole body. A small one goes straight into an array of its length: {@code readNBytes} begins each with a buffer
     * of 16 kB. For a larger one memory is taken as it comes, not because a client says that it will.
     *
     * @param most bytes; more are refused with 413
     */
    public static byte[] bytes(ServerRequest request, int most) throws IOException {
        long length = request.headers().contentLength().orElse(Long.MAX_VALUE);
        if (length > SMALL_BYTES) {
            // The bytes, the buffers they come in, and the text made of them. Refused before the body is begun, so that
            // the rest of it can still be passed over and the connection kept.
            Share.current().await(4 * Math.min(length, most));
        }
        try (var in = request.content().inputStream()) {
            if (length <= Math.min(SMALL_BYTES, most)) {
                var bytes = new byte[(int) length];
                if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
                    throw new EOFException();
                }
                return bytes;
            }
            // A body that is too large is read as far as it may go: who is still writing would not read the refusal.
            var bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                if (length <= SMALL_BYTES) {
                    // Nothing of it is left to come, so that the connection is kept.
                    in.skipNBytes(length - bytes.length);
                }
                throw Problem.tooLarge("The body must be no larger than " + most + " bytes.");
            }
            return bytes;
        }
    }

    /** The ordinary reading puts U+FFFD where bytes are not UTF-8; only a text with one is read again, strictly. */
    private static String utf8(byte[] bytes) throws CharacterCodingException {
        var text = new String(bytes, StandardCharsets.UTF_8);
        return text.indexOf(0xFFFD) < 0
                ? text
                : StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
    }

    private Fields json(String text) {
        try {
            if (Envelope.JSON.readTree(text) instanceof ObjectNode object) {
                charge(text, object);
                return new Fields(object, false, !strict, List.of());
            }
            throw Problem.badRequest("The body must be a JSON object.");
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw Problem.badRequest(
                    at == null
                            ? "The body is not valid JSON."
                            : "The body is not valid JSON at line " + at.getLineNr() + ", column " + at.getColumnNr()
                                    + ".");
        }
    }

    /** Takes the tree's memory, which may be thirty times that of its text: {@code [{},{},{},…]}. */
    private static void charge(String text, JsonNode tree) {
        if (text.length() > SMALL_TREE) {
            Share.current().take(NODE_BYTES * nodes(tree));
        }
    }

    private static long nodes(JsonNode node) {
        long count = 1;
        for (var child : node) {
            count += nodes(child);
        }
        return count;
    }

    private static Fields form(String text) {
        // What curl -d sends as a form unless it is told otherwise.
        if (text.startsWith("{") || text.startsWith("[")) {
            throw Problem.unsupportedType(
                    "The body looks like JSON, and Content-Type says that it is a form. Send Content-Type: application/json.");
        }
        if (text.chars().filter(c -> c == '&').count() >= MAX_PAIRS) {
            throw Problem.badRequest("The form has more than " + MAX_PAIRS + " fields.");
        }
        var values = Envelope.JSON.createObjectNode();
        for (var pair : text.split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                var name = decode(equals < 0 ? pair : pair.substring(0, equals), "the name of a field");
                put(values, name, equals < 0 ? "" : decode(pair.substring(equals + 1), name));
            }
        }
        return new Fields(values, true, false, List.of());
    }

    /** Bytes that are not UTF-8 become U+FFFD, which {@link Fields} refuses with the field's name. */
    private static String decode(String text, String name) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Problem.badField(GivenName.shown(name), "is not correctly percent-encoded");
        }
    }

    private Fields multipart(ServerRequest request, HttpMediaType type, Map<String, Long> files) {
        var boundary = type.parameters().get("boundary");
        if (boundary == null || boundary.isEmpty() || boundary.length() > 70) {
            throw Problem.badRequest(
                    "Content-Type must name the form's boundary, of at most 70 characters (RFC 2046).");
        }
        var values = Envelope.JSON.createObjectNode();
        var form = new Multipart(files, media::incoming);
        try (var in = request.content().inputStream()) {
            form.read(in, boundary, (name, value) -> {
                try {
                    put(values, name, utf8(value));
                } catch (CharacterCodingException e) {
                    throw Problem.badField(GivenName.shown(name), "is not valid UTF-8");
                }
            });
            return new Fields(values, true, false, form.uploads());
        } catch (IOException e) {
            form.uploads().forEach(Upload::discard);
            throw Problem.badRequest("The body could not be read to its end.");
        } catch (RuntimeException e) {
            form.uploads().forEach(Upload::discard);
            throw e;
        }
    }

    /** A name that comes again makes a list; a field that is none refuses it. */
    private static void put(ObjectNode values, String given, String value) {
        var name = given.endsWith(LIST) ? given.substring(0, given.length() - LIST.length()) : given;
        switch (values.get(name)) {
            case null -> {
                if (given.endsWith(LIST)) {
                    values.putArray(name).add(value);
                } else {
                    values.put(name, value);
                }
            }
            case ArrayNode list -> list.add(value);
            case JsonNode first ->
                values.set(name, values.arrayNode().add(first).add(value));
        }
    }
}
