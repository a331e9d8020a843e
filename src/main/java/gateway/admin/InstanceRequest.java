package gateway.admin;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.config.Secret;
import gateway.config.ShownUrl;
import gateway.config.catalogue.Spelling;
import gateway.http.Envelope;
import gateway.http.Problem;

/**
 * What a client asks for, checked as far as it can be without knowing the instance.
 *
 * @param port    empty in a change
 * @param changes what was named; empty removes the setting, so that its default counts
 */
record InstanceRequest(OptionalInt port, Map<Field, Optional<String>> changes) {
    static final int MIN_PORT = 1024;
    static final int MAX_PORT = 65_535;
    private static final String PORT = "port";
    /**
     * Refused in every value, although nothing here would misread them: what is written today as a file of settings may
     * be read tomorrow by a unit, a shell or a template.
     */
    private static final String DANGEROUS = "'\"`\\%;";

    private static final int MAX = 4096;

    /**
     * Reads a body.
     *
     * @param creates whether {@code port} is needed; otherwise it is no field
     * @throws Problem 400 naming the field
     */
    static InstanceRequest parse(String body, boolean creates) {
        var object = object(body);
        object.fieldNames().forEachRemaining(name -> known(name, creates));
        var changes = new EnumMap<Field, Optional<String>>(Field.class);
        for (var field : Field.values()) {
            var value = object.get(field.text());
            if (value != null && !value.isNull()) {
                changes.put(field, value(field, value));
            }
        }
        return new InstanceRequest(creates ? OptionalInt.of(port(object.get(PORT))) : OptionalInt.empty(), changes);
    }

    private static ObjectNode object(String body) {
        try {
            if (Envelope.JSON.readTree(body) instanceof ObjectNode object) {
                return object;
            }
            throw AdminErrors.invalidJson("The body must be a JSON object.");
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw AdminErrors.invalidJson(
                    at == null
                            ? "The body is not valid JSON."
                            : "The body is not valid JSON at line " + at.getLineNr() + ", column " + at.getColumnNr()
                                    + ".");
        }
    }

    private static void known(String name, boolean creates) {
        if (Field.named(name).isPresent() || creates && name.equals(PORT)) {
            return;
        }
        if (name.equals(PORT)) {
            throw AdminErrors.invalidField(PORT, "cannot be changed; make another instance.");
        }
        var names = Stream.concat(Arrays.stream(Field.values()).map(Field::text), Stream.of(PORT))
                .toList();
        var shown = name.codePoints()
                .limit(40)
                .filter(c -> Character.isLetterOrDigit(c) || c == '_' || c == '-')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        throw AdminErrors.invalidField(
                shown.isEmpty() ? "?" : shown,
                "is no field of an instance"
                        + Spelling.nearest(name, names)
                                .map(near -> "; did you mean " + near + "?")
                                .orElse("."));
    }

    private static int port(JsonNode value) {
        if (value == null || value.isNull()) {
            throw AdminErrors.invalidPort("is missing.");
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw outOfRange();
        }
        return port(value.intValue());
    }

    /**
     * Reads the port in a path.
     *
     * @throws Problem 400 {@code invalid_port}
     */
    static int port(String text) {
        if (!text.matches("[1-9][0-9]{0,5}")) {
            throw outOfRange();
        }
        return port(Integer.parseInt(text));
    }

    private static int port(int number) {
        if (number < MIN_PORT || number > MAX_PORT) {
            throw outOfRange();
        }
        return number;
    }

    private static Problem outOfRange() {
        return AdminErrors.invalidPort("must be a whole number from " + MIN_PORT + " to " + MAX_PORT + ".");
    }

    private static Optional<String> value(Field field, JsonNode value) {
        if (field.kind() == Field.Kind.FLAG) {
            if (!value.isBoolean()) {
                throw AdminErrors.invalidField(field.text(), "must be true or false.");
            }
            return Optional.of(value.asText());
        }
        if (!value.isTextual()) {
            throw AdminErrors.invalidField(field.text(), "must be a string.");
        }
        var text = value.textValue();
        if (text.codePoints()
                .anyMatch(c -> Character.isISOControl(c)
                        || DANGEROUS.indexOf(c) >= 0
                        || Character.getType(c) == Character.SURROGATE
                        || c == 0x2028
                        || c == 0x2029)) {
            throw AdminErrors.invalidField(
                    field.text(), "must not hold a line end, another control character, a quote, %, ; or a backslash.");
        }
        if (text.length() > MAX || !text.equals(text.strip())) {
            throw AdminErrors.invalidField(
                    field.text(), "must be no longer than " + MAX + " characters, without space at its ends.");
        }
        if (text.isEmpty() && field.kind() == Field.Kind.SECRET) {
            throw AdminErrors.invalidField(field.text(), "cannot be empty; leave it out instead.");
        }
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /** Puts what was named into settings, and takes out what was emptied. */
    void applyTo(Map<String, String> settings) {
        changes.forEach((field, value) ->
                value.ifPresentOrElse(text -> put(field, text, settings), () -> settings.remove(field.setting())));
    }

    /** A value as a reply shows it leaves what is there; nothing masked is ever stored. */
    private static void put(Field field, String text, Map<String, String> settings) {
        if (field != Field.WEBHOOK || !ShownUrl.isMasked(text)) {
            settings.put(field.setting(), text);
            return;
        }
        var present = settings.get(field.setting());
        if (present == null || !text.equals(field.shown(present))) {
            throw AdminErrors.invalidField(
                    field.text(),
                    "holds " + Secret.MASK + ", which replies show in place of a query; give the whole URL.");
        }
    }
}
