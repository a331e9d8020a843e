package gateway.api.request;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.webserver.http.ServerRequest;
import org.jspecify.annotations.Nullable;

import gateway.http.Envelope;
import gateway.http.Problem;

/**
 * What {@code openapi.yaml} says of the fields of a body, or of the parameters of a query: their names, types and limits.
 * Holds a request against all of them, so that one refusal names every bad field. The routes read the same fields again,
 * and judge what is left.
 */
final class DescribedFields {
    /** Unknown names that a refusal repeats: the reply stays small, whatever came. */
    private static final int MAX_UNKNOWN = 4;

    private final String basePath;
    private final boolean strict;
    private final Map<String, Body> bodies = new HashMap<>();
    /** The operations by the pattern of their route and then by method; there are few. */
    private final Map<String, Map<String, Body>> byRoute = new ConcurrentHashMap<>();

    /** A reading of one field, which throws a {@link Problem} when its value is bad. */
    private interface Check {
        void of(Fields fields);
    }

    /** One described field; a required one must be there and say something. */
    private record Described(String name, boolean required, Check check) {

        /** What is wrong with the field; null when nothing is. */
        @Nullable
        Problem objection(Fields fields) {
            if (fields.isBlank(name)) {
                return required ? Problem.badField(name, "cannot be blank") : null;
            }
            try {
                check.of(fields);
                return null;
            } catch (Problem problem) {
                return problem;
            }
        }
    }

    /**
     * The fields of one operation.
     *
     * @param described in the order of their names
     * @param listed the fields in the order of the description, for a refusal
     * @param others what other fields are
     */
    private record Body(List<Described> described, String listed, Others others) {
        static final Body ANY = new Body(List.of(), "", Others.USUAL);

        boolean has(String name) {
            return described.stream().anyMatch(field -> field.name().equals(name));
        }
    }

    /** What fields are that the operation does not have, by {@code additionalProperties}. */
    private enum Others {
        /** No refusal names them. */
        USUAL,
        /** They are passed over; a refusal for another reason names them. */
        PASSED_OVER,
        /** They are bad: a misspelt {@code device} or {@code not_after} would give more rights than was meant. */
        REFUSED;

        static Others of(JsonNode additional) {
            return additional.isBoolean() ? additional.asBoolean() ? USUAL : REFUSED : PASSED_OVER;
        }
    }

    /**
     * @param table the file of {@code openapi.yaml}'s bodies or queries
     * @param basePath what every path starts with: empty, or like {@code /wa}
     * @param strict whether a refusal also names fields that the operation does not have
     */
    DescribedFields(String table, String basePath, boolean strict) {
        this.basePath = basePath;
        this.strict = strict;
        var recipients = new Recipients(strict);
        described(table).properties().forEach(body -> bodies.put(body.getKey(), body(body.getValue(), recipients)));
    }

    /** The fields of all operations, which a test holds current: {@code openapi.yaml} itself takes long to read. */
    private static JsonNode described(String table) {
        try (var in = DescribedFields.class.getResourceAsStream(table)) {
            return Envelope.JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Body body(JsonNode schema, Recipients recipients) {
        var described = schema.path("properties");
        var required = new HashSet<String>();
        for (var name : schema.path("required")) {
            if (mayNotBeBlank(described.path(name.asText()))) {
                required.add(name.asText());
            }
        }
        var names = new ArrayList<String>();
        var fields = new TreeMap<String, Described>();
        described.properties().forEach(field -> {
            var name = field.getKey();
            names.add(name);
            fields.put(name, new Described(name, required.contains(name), check(name, field.getValue(), recipients)));
        });
        return new Body(
                List.copyOf(fields.values()), String.join(", ", names), Others.of(schema.path("additionalProperties")));
    }

    /** Whether a blank text is refused: an empty emoji takes a reaction back, an empty URL removes a webhook. */
    private static boolean mayNotBeBlank(JsonNode schema) {
        return schema.has("enum")
                || schema.path("minLength").asInt() > 0
                || schema.path("format").asText().equals("binary")
                || !schema.path("type").asText().equals("string");
    }

    private static Check check(String name, JsonNode schema, Recipients recipients) {
        long least = schema.path("minimum").asLong(Long.MIN_VALUE);
        long most = schema.path("maximum").asLong(Long.MAX_VALUE);
        return switch (schema.path("type").asText()) {
            case "boolean" -> fields -> fields.optionalFlag(name);
            case "integer" -> fields -> fields.number(name, least, most, 0);
            case "array" -> list(name, schema, recipients);
            case "object" -> fields -> fields.object(name);
            default -> text(name, schema, recipients);
        };
    }

    private static Check list(String name, JsonNode schema, Recipients recipients) {
        var items = schema.path("items");
        int most = schema.path("maxItems").asInt(Integer.MAX_VALUE);
        int characters = items.path("maxLength").asInt(Fields.MAX_CHARACTERS);
        var format = items.path("format").asText();
        return fields ->
                fields.optionalTexts(name, most, characters).forEach(text -> address(name, format, text, recipients));
    }

    private static Check text(String name, JsonNode schema, Recipients recipients) {
        int characters = schema.path("maxLength").asInt(Fields.MAX_CHARACTERS);
        var format = schema.path("format").asText();
        switch (format) {
            case "binary" -> {
                return fields -> fields.file(name);
            }
            case "latitude" -> {
                return fields -> fields.decimal(name, -90, 90);
            }
            case "longitude" -> {
                return fields -> fields.decimal(name, -180, 180);
            }
            default -> {}
        }
        if (schema.has("x-list")) {
            return fields -> fields.oneOrMore(name, Integer.MAX_VALUE, characters);
        }
        if (schema.has("enum") && !schema.has("x-offered")) {
            var words = new ArrayList<String>();
            schema.path("enum").forEach(word -> words.add(word.asText()));
            var all = words.toArray(String[]::new);
            return fields -> fields.word(name, all);
        }
        if (format.equals("chat-address")) {
            return fields -> fields.keep(name, recipients.chat(name, fields.optionalText(name, characters)));
        }
        return fields -> address(name, format, fields.optionalText(name, characters), recipients);
    }

    private static void address(String name, String format, String text, Recipients recipients) {
        switch (format) {
            case "chat-address" -> recipients.chat(name, text);
            case "person-address" -> recipients.user(name, text);
            case "mention-address" -> {
                if (!text.equals(Recipients.EVERYONE)) {
                    recipients.user(name, text);
                }
            }
            case "group-address" -> recipients.group(name, text);
            case "channel-address" -> recipients.newsletter(name, text);
            case "date-time" -> Times.parse(name, text);
            default -> {}
        }
    }

    /**
     * Refuses a body with bad fields.
     *
     * @param judge what the operation itself has against a field
     * @throws Problem 400 naming every one of them, in the order of their names, and then fields that the operation does
     *     not have: one of these may be a misspelt name. Alone these are passed over, as the original does, unless the
     *     description forbids them.
     */
    void check(ServerRequest request, Fields fields, Bodies.Judge judge) {
        var body = body(request);
        Map<String, Problem> problems = Map.of();
        for (var field : body.described()) {
            var objection = field.objection(fields);
            if (objection != null) {
                problems = problems.isEmpty() ? new TreeMap<>() : problems;
                problems.put(field.name(), objection);
            }
        }
        var further = judge.objections(problems.isEmpty() ? fields : fields.without(problems.keySet()));
        if (problems.isEmpty() && further.isEmpty() && body.others() != Others.REFUSED) {
            return;
        }
        refuse(body, fields, new TreeMap<>(problems), further);
    }

    private void refuse(Body body, Fields fields, Map<String, Problem> problems, List<Problem> further) {
        further.forEach(problem -> problems.putIfAbsent(problem.field().orElse(""), problem));
        var all = new ArrayList<>(problems.values());
        if (body.others() == Others.REFUSED || strict && body.others() == Others.PASSED_OVER && !all.isEmpty()) {
            unknown(body, fields, all);
        }
        if (!all.isEmpty()) {
            throw Problem.badFields(all);
        }
    }

    private Body body(ServerRequest request) {
        var method = request.prologue().method().text();
        var route = request.matchingPattern().orElse("");
        // By the route, not by the address: the address has many spellings of one path.
        var known = byRoute.get(route);
        var body = known == null ? null : known.get(method);
        return body == null ? body(method, route) : body;
    }

    private Body body(String method, String route) {
        return byRoute.computeIfAbsent(route, ignored -> new ConcurrentHashMap<>())
                .computeIfAbsent(method, ignored -> {
                    var path = route.startsWith(basePath) ? route.substring(basePath.length()) : route;
                    // The parts of a route are joined with slashes, also where a part is empty.
                    var described =
                            path.replaceAll("/+", "/").replaceFirst("/$", "").replaceAll("\\{[^}]+}", "{}");
                    return bodies.getOrDefault(method.toLowerCase(Locale.ROOT) + " " + described, Body.ANY);
                });
    }

    private static void unknown(Body body, Fields fields, List<Problem> problems) {
        int more = 0;
        for (var name : fields.names()) {
            if (!body.has(name) && more++ < MAX_UNKNOWN) {
                problems.add(Problem.badField(
                        GivenName.unknown(name, !fields.isBlank(name)),
                        "is not a field of this operation, which has " + body.listed()));
            }
        }
    }
}
