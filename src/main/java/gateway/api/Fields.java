package gateway.api;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import gateway.http.Envelope;
import gateway.http.Problem;
import io.helidon.webserver.http.ServerRequest;

/**
 * The named values of a request, whether they came as JSON, as a form, or in the query. Every refusal names the field.
 * Forms carry text only, so a number or a truth value may be written as text there; in JSON it may not.
 */
final class Fields {
    private final ObjectNode values;
    private final boolean textOnly;

    private Fields(ObjectNode values, boolean textOnly) {
        this.values = values;
        this.textOnly = textOnly;
    }

    /**
     * Reads the body.
     *
     * @throws Problem 415 for a type that is none of ours, 400 when the body is not what its type says
     */
    static Fields of(ServerRequest request) {
        var type = request.headers().contentType()
                .map(media -> media.mediaType().text().toLowerCase())
                .orElseThrow(() -> Problem.unsupportedType("Content-Type is missing; send application/json."));
        return switch (type) {
            case "application/json" -> json(body(request));
            case "application/x-www-form-urlencoded" -> form(body(request));
            default -> throw Problem.unsupportedType("Content-Type must be application/json or application/x-www-form-urlencoded.");
        };
    }

    /** The query's parameters; one given twice is refused (OWASP ASVS 15.3.7). */
    static Fields ofQuery(ServerRequest request) {
        var values = Envelope.JSON.createObjectNode();
        for (var name : request.query().names()) {
            var all = request.query().all(name);
            if (all.size() > 1) {
                throw Problem.badField(name, "must be given once");
            }
            values.put(name, all.getFirst());
        }
        return new Fields(values, true);
    }

    private static String body(ServerRequest request) {
        try (var in = request.content().inputStream()) {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(in.readAllBytes())).toString();
        } catch (CharacterCodingException e) {
            throw Problem.badRequest("The body is not valid UTF-8.");
        } catch (IOException e) {
            throw Problem.badRequest("The body could not be read to its end.");
        }
    }

    private static Fields json(String text) {
        try {
            if (Envelope.JSON.readTree(text) instanceof ObjectNode object) {
                return new Fields(object, false);
            }
            throw Problem.badRequest("The body must be a JSON object.");
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw Problem.badRequest(at == null ? "The body is not valid JSON."
                    : "The body is not valid JSON at line " + at.getLineNr() + ", column " + at.getColumnNr() + ".");
        }
    }

    private static Fields form(String text) {
        var values = Envelope.JSON.createObjectNode();
        for (var pair : text.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            var name = decode(equals < 0 ? pair : pair.substring(0, equals));
            if (values.has(name)) {
                throw Problem.badField(name, "must be given once");
            }
            values.put(name, equals < 0 ? "" : decode(pair.substring(equals + 1)));
        }
        return new Fields(values, true);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("The form is not correctly percent-encoded.");
        }
    }

    /** A text that must be there and hold more than blanks. */
    String text(String name) {
        var value = optionalText(name);
        if (value.isBlank()) {
            throw Problem.badField(name, "cannot be blank");
        }
        return value;
    }

    /** A text; empty when it is missing or null. */
    String optionalText(String name) {
        var value = value(name);
        if (value.isEmpty()) {
            return "";
        }
        if (!value.get().isTextual()) {
            throw Problem.badField(name, "must be a string");
        }
        return value.get().textValue();
    }

    /** A truth value; false when it is missing or null. */
    boolean flag(String name) {
        return optionalFlag(name).orElse(false);
    }

    Optional<Boolean> optionalFlag(String name) {
        return value(name).map(value -> {
            if (value.isBoolean()) {
                return value.booleanValue();
            }
            return switch (textOnly ? value.textValue() : "") {
                case "true", "1", "on" -> true;
                case "false", "0", "off", "" -> {
                    if (!textOnly) {
                        throw Problem.badField(name, "must be true or false");
                    }
                    yield false;
                }
                default -> throw Problem.badField(name, "must be true or false");
            };
        });
    }

    /** A whole number from {@code least} to {@code most}, both included; {@code otherwise} when it is missing or null. */
    long number(String name, long least, long most, long otherwise) {
        return value(name).map(value -> {
            var number = value.isIntegralNumber() && value.canConvertToLong() ? Optional.of(value.longValue())
                    : textOnly ? parse(value.textValue()) : Optional.<Long>empty();
            return number.filter(n -> n >= least && n <= most)
                    .orElseThrow(() -> Problem.badField(name, "must be a whole number from " + least + " to " + most));
        }).orElse(otherwise);
    }

    private static Optional<Long> parse(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private Optional<JsonNode> value(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isNull())
                .filter(value -> !textOnly || !value.textValue().isEmpty());
    }
}
