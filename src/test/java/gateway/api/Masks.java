package gateway.api;

import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The masks of the values that differ each time: times, random ids and signatures. A value that was known before the
 * request stays.
 */
final class Masks {
    private static final Pattern VARYING = Pattern.compile(String.join(
            "|",
            // An RFC 3339 time, or a time in words.
            "\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d[0-9.]*(Z|[+-]\\d\\d:\\d\\d| [+-]\\d{4} [A-Z]{3})?",
            "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
            // Seconds or milliseconds of this decade, and a group's number.
            "\\b1[789]\\d{8}(\\d{3})?\\b",
            "\\b\\d{15,}\\b",
            "\\b[0-9A-Fa-f]{16,}\\b",
            "\\b[1-9A-Z]{4}-[1-9A-Z]{4}\\b",
            // A port, and which key sealed a value.
            "(?<=:)\\d{4,5}(?=/)",
            "(?<=\\bv2:)[0-9a-f]{12}(?=:)",
            "(?<=\"qr_duration\":)\\d+",
            "[A-Za-z0-9_+/-]{20,}=*"));

    /** Characters of the longest port; a port is another one each time, whatever else has its digits. */
    private static final int MAX_PORT = 5;

    private final String known;

    /** @param known the text whose times and ids stay as they are */
    Masks(Object known) {
        this.known = known.toString();
    }

    /** Masks that leave the values of this text, too. */
    Masks beside(String text) {
        return new Masks(known + text);
    }

    String of(String text) {
        return VARYING.matcher(text).replaceAll(this::shown);
    }

    private String shown(MatchResult found) {
        return found.group().length() > MAX_PORT && known.contains(found.group())
                ? java.util.regex.Matcher.quoteReplacement(found.group())
                : "#";
    }
}
