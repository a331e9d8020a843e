package gateway.config.source;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import gateway.config.Origin;
import gateway.config.SettingProblem;

/**
 * The grammar of {@code .env}: one {@code NAME=value} a line, optionally after {@code export}. A bare value ends at a
 * {@code #} that follows a space; {@code '…'} is taken as it stands; in {@code "…"} a backslash protects the next
 * character. Nothing is expanded, so a {@code $argon2id$…} hash needs no quotes. Two lines for one name, an open quote
 * or any other text is an error, never skipped, and no error repeats the line, which may hold a secret.
 */
final class DotEnvText {
    private static final Pattern NAMED = Pattern.compile("\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*(.*)");
    private static final Pattern AFTER_QUOTE = Pattern.compile("\\s*(#.*)?");
    private static final Pattern COMMENT = Pattern.compile("(^|\\s)#.*$");

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final List<SettingProblem> errors = new ArrayList<>();

    /** A value and the line it stands on, counted from 1. */
    record Entry(String text, int line) {}

    private DotEnvText() {}

    static DotEnvText parse(String text) {
        var parsed = new DotEnvText();
        int number = 0;
        for (var line : text.replaceFirst("^\uFEFF", "").split("\r?\n", -1)) {
            parsed.line(line, ++number);
        }
        return parsed;
    }

    Map<String, Entry> entries() {
        return entries;
    }

    List<SettingProblem> errors() {
        return errors;
    }

    private void line(String line, int number) {
        if (line.isBlank() || line.stripLeading().startsWith("#")) {
            return;
        }
        var named = NAMED.matcher(line);
        if (!named.matches()) {
            wrong(number, "is not of the form NAME=value", "correct that line or begin it with #");
            return;
        }
        var value = value(named.group(2), number);
        if (value == null) {
            return;
        }
        var name = named.group(1);
        var earlier = entries.putIfAbsent(name, new Entry(value, number));
        if (earlier != null) {
            wrong(number, "sets " + name + " again after line " + earlier.line(), "keep one of the two lines");
        }
    }

    private @Nullable String value(String rest, int number) {
        char quote = rest.isEmpty() ? ' ' : rest.charAt(0);
        if (quote != '"' && quote != '\'') {
            return COMMENT.matcher(rest).replaceFirst("").strip();
        }
        var value = new StringBuilder();
        for (int i = 1; i < rest.length(); i++) {
            char c = rest.charAt(i);
            if (c == quote) {
                if (!AFTER_QUOTE.matcher(rest.substring(i + 1)).matches()) {
                    wrong(number, "goes on after its closing quote", "quote the whole value or none of it");
                    return null;
                }
                return value.toString();
            }
            if (c == '\\' && quote == '"' && i + 1 < rest.length()) {
                c = rest.charAt(++i);
            }
            value.append(c);
        }
        wrong(number, "opens a quote that is not closed on the same line", "add the closing quote");
        return null;
    }

    private void wrong(int number, String what, String remedy) {
        errors.add(new SettingProblem(DotEnv.NAME, new Origin(Origin.Kind.DOTENV, "line " + number), what, remedy));
    }
}
