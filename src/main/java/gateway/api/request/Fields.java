package gateway.api.request;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.ServerRequest;
import org.jspecify.annotations.Nullable;

import gateway.engine.Jid;
import gateway.http.Envelope;
import gateway.http.Problem;

/**
 * The named values of a request: of JSON, a form, or the query. Every refusal names the field. Forms carry text only, so
 * a number or a truth value may be text there, but not in JSON. Closing it removes the uploads that nobody kept.
 */
public final class Fields implements AutoCloseable {
    /** Unless a field says less, in characters: what WhatsApp shows in one message (guide, Input Validation). */
    static final int MAX_CHARACTERS = 4_096;

    /** A query without parameters, as nearly every query of a message is. */
    private static final Fields NONE = new Fields(Envelope.JSON.createObjectNode(), true, false, List.of());

    private final ObjectNode values;
    private final boolean textOnly;
    private final boolean lenient;
    private final List<Upload> uploads;
    private @Nullable String addressed;
    private @Nullable Jid kept;

    /** @param lenient whether text stands for numbers and truth values in JSON, too */
    Fields(ObjectNode values, boolean textOnly, boolean lenient, List<Upload> uploads) {
        this.values = values;
        this.textOnly = textOnly;
        this.lenient = lenient;
        this.uploads = uploads;
    }

    /**
     * The query's parameters. One that is given twice (OWASP ASVS 15.3.7), or is not {@code name=value}, is refused.
     *
     * @throws Problem 400 naming the parameter
     */
    public static Fields ofQuery(ServerRequest request) {
        var raw = request.query().rawValue();
        if (raw == null || raw.isEmpty()) {
            return NONE;
        }
        var values = Envelope.JSON.createObjectNode();
        QueryText.check(raw);
        for (var name : request.query().names()) {
            var all = request.query().all(name);
            if (all.size() > 1) {
                throw Problem.badField(GivenName.shown(name), "must be given once");
            }
            values.put(name, all.getFirst());
        }
        return new Fields(values, true, false, List.of());
    }

    /**
     * Itself, once all fields of these names are there and not blank.
     *
     * @throws Problem 400 naming every one that is missing, in the order of their names
     */
    public Fields requiring(String... names) {
        for (var name : names) {
            if (isBlank(name)) {
                throw Problem.badFields(
                        Arrays.stream(names).filter(this::isBlank).sorted().toList(), "cannot be blank");
            }
        }
        return this;
    }

    /** Whether the field is missing or says nothing. */
    boolean isBlank(String name) {
        var value = values.get(name);
        boolean blank = value == null
                || value.isNull()
                || value.isTextual() && value.textValue().isBlank()
                || value.isArray() && value.isEmpty();
        return blank && Upload.named(name, uploads) == null;
    }

    /** A text that must be there and hold more than blanks. */
    public String text(String name) {
        return text(name, MAX_CHARACTERS);
    }

    /** @param most characters (Unicode code points, so that one beyond the BMP counts once) */
    public String text(String name, int most) {
        var value = optionalText(name, most);
        if (value.isBlank()) {
            throw Problem.badField(name, "cannot be blank");
        }
        return value;
    }

    /** A text; empty when it is missing or null. */
    public String optionalText(String name) {
        return optionalText(name, MAX_CHARACTERS);
    }

    /** A text; empty when it is missing or null. */
    public String optionalText(String name, int most) {
        var value = valueOf(name);
        return value == null ? "" : checked(name, value, most);
    }

    private String checked(String name, JsonNode value, int most) {
        if (value.isArray()) {
            throw Problem.badField(name, "must be one text, not a list");
        }
        if (!value.isTextual()) {
            throw Problem.badField(name, "must be a string");
        }
        var text = value.textValue();
        if (text.length() > most && text.codePointCount(0, text.length()) > most) {
            throw Problem.badField(name, "must be no longer than " + most + " characters");
        }
        // In a form or a query, U+FFFD is what the decoder puts in the place of bytes that are not UTF-8.
        return textOnly && text.indexOf(0xFFFD) >= 0 ? Characters.only(name, "\0") : Characters.only(name, text);
    }

    /** The members of an object in JSON, each named {@code field.member}. */
    public Fields object(String name) {
        return new Fields(Members.of(name, values.get(name)), textOnly, lenient, List.of());
    }

    /** A text that is one of these words. */
    public String word(String name, String... words) {
        var text = text(name);
        for (var word : words) {
            if (word.equals(text)) {
                return text;
            }
        }
        throw Problem.badField(name, "must be one of " + String.join(", ", words));
    }

    /** Texts, each with more than blanks. A form may give one alone; {@code most} bounds their number. */
    public List<String> texts(String name, int most, int mostCharacters) {
        var texts = optionalTexts(name, most, mostCharacters);
        if (texts.isEmpty()) {
            throw Problem.badField(name, "cannot be blank");
        }
        return texts;
    }

    /** As {@link #texts}; empty when it is missing or null. */
    public List<String> optionalTexts(String name, int most, int mostCharacters) {
        var value = valueOf(name);
        if (value == null) {
            return List.of();
        }
        var items = value.isTextual() && textOnly ? List.of(value) : value.isArray() ? value : null;
        if (items == null) {
            throw Problem.badField(name, "must be a list of strings");
        }
        var texts = new ArrayList<String>();
        for (var item : items) {
            var text = checked(name, item, mostCharacters);
            if (text.isBlank()) {
                throw Problem.badField(name, "must not hold a blank");
            }
            if (texts.size() == most) {
                throw Problem.badField(name, "must hold no more than " + most);
            }
            texts.add(text);
        }
        return texts;
    }

    /** As {@link #optionalTexts}, where one text may stand in the place of a list of one. */
    public List<String> oneOrMore(String name, int most, int mostCharacters) {
        return value(name).filter(JsonNode::isTextual).isPresent()
                ? List.of(optionalText(name, mostCharacters))
                : optionalTexts(name, most, mostCharacters);
    }

    /** A number with a fraction, also when it is written as text: the contract's coordinates are strings. */
    public double decimal(String name, double least, double most) {
        var value = value(name).orElseThrow(() -> Problem.badField(name, "cannot be blank"));
        double number = value.isNumber() ? value.doubleValue() : NumberText.fraction(checked(name, value, 32));
        if (number >= least && number <= most) {
            return number;
        }
        throw Problem.badField(name, "must be a number from " + (long) least + " to " + (long) most);
    }

    /** A truth value; false when it is missing or null. */
    public boolean flag(String name) {
        return optionalFlag(name).orElse(false);
    }

    /** A truth value that must be there. */
    public boolean requiredFlag(String name) {
        return optionalFlag(name).orElseThrow(() -> Problem.badField(name, "cannot be blank"));
    }

    /** A truth value, if there is one. In a form, Python's programs write True, and the original takes the same words. */
    public Optional<Boolean> optionalFlag(String name) {
        return value(name).map(value -> {
            if (value.isBoolean()) {
                return value.booleanValue();
            }
            return switch ((textOnly || lenient) && value.isTextual() ? value.textValue() : "") {
                case "true", "True", "TRUE", "t", "T", "1", "on" -> true;
                case "false", "False", "FALSE", "f", "F", "0", "off" -> false;
                default -> throw Problem.badField(name, "must be true or false");
            };
        });
    }

    /**
     * A whole number from {@code least} to {@code most}, both included; {@code otherwise} when it is missing or null.
     */
    public long number(String name, long least, long most, long otherwise) {
        return optionalNumber(name, least, most).orElse(otherwise);
    }

    /** A whole number that must be there. */
    public long requiredNumber(String name, long least, long most) {
        return optionalNumber(name, least, most).orElseThrow(() -> Problem.badField(name, "cannot be blank"));
    }

    private Optional<Long> optionalNumber(String name, long least, long most) {
        return value(name).map(value -> {
            var number = NumberText.isWhole(value)
                    ? Optional.of(value.longValue())
                    : (textOnly || lenient) && value.isTextual()
                            ? NumberText.whole(value.textValue())
                            : Optional.<Long>empty();
            return number.filter(n -> n >= least && n <= most)
                    .orElseThrow(() -> Problem.badField(name, "must be a whole number from " + least + " to " + most));
        });
    }

    /** The file that was uploaded under this name. */
    public Optional<Upload> file(String name) {
        var upload = Upload.named(name, uploads);
        if (upload == null && valueOf(name) != null) {
            throw Problem.badField(name, "must be a file, sent as multipart/form-data");
        }
        return Optional.ofNullable(upload);
    }

    /** Keeps the address that a field names, so that its text is parsed once. Only the last address is kept. */
    void keep(String name, Jid address) {
        addressed = name;
        kept = address;
    }

    /** The address that was kept for this field; empty when none was, or another field's was kept after it. */
    Optional<Jid> kept(String name) {
        return name.equals(addressed) ? Optional.ofNullable(kept) : Optional.empty();
    }

    /** The names that came with a value, without those of files. */
    Iterable<String> names() {
        return values::fieldNames;
    }

    /** The same request without the fields of these names. */
    Fields without(Collection<String> names) {
        return new Fields(values.deepCopy().without(names), textOnly, lenient, uploads);
    }

    /** Whether the field came at all, be it empty. */
    public boolean given(String name) {
        return values.hasNonNull(name);
    }

    private Optional<JsonNode> value(String name) {
        return Optional.ofNullable(valueOf(name));
    }

    /** The value, if there is one: null in JSON and an empty text in a form are none. */
    private @Nullable JsonNode valueOf(String name) {
        var value = values.get(name);
        return value == null
                        || value.isNull()
                        || textOnly && value.isTextual() && value.textValue().isEmpty()
                ? null
                : value;
    }

    @Override
    public void close() {
        uploads.forEach(Upload::discard);
    }
}
