package gateway.api.request;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

import gateway.http.Problem;

/**
 * The {@code Content-Disposition} of one part of a form. Clients disagree about how a file's name is written, and none
 * of their ways refuses a file: the last component of a path is the name, cleaned and cut.
 *
 * @param name of the field
 * @param file the file's name; empty when the part is a text
 */
record PartHead(String name, String file) {
    /** The longest name that a file system takes, in characters. */
    private static final int MAX_FILE = 255;

    private static final int MAX_FIELD = 64;
    /** The longest ending that a cut name keeps. */
    private static final int MAX_ENDING = 16;

    /** One byte is one character, so a UTF-8 name can have U+0085, which is the end of a line to a pattern's dot. */
    private static final Pattern HEADER = Pattern.compile("(?is)content-disposition:\\s*form-data\\s*(;.*)?");
    /** {@code ; key="quoted"} or {@code ; key=token}; a quote or a backslash in quotes has a backslash before it. */
    private static final Pattern PARAMETER =
            Pattern.compile("(?s);\\s*([A-Za-z*-]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^;\\s]*))");

    private static final Charset ELSE = Charset.forName("windows-1252");

    /** Whether the part is a file. */
    boolean isFile() {
        return !file.isEmpty();
    }

    /**
     * Reads a part's headers.
     *
     * @param headers one byte as one character
     * @throws Problem 400 when the part has no name
     */
    static PartHead read(String headers) {
        for (var line : headers.split("\r\n")) {
            var header = HEADER.matcher(line);
            if (header.matches()) {
                return of(header.group(1) == null ? "" : header.group(1));
            }
        }
        throw Problem.badRequest("A part of the form has no Content-Disposition: form-data.");
    }

    private static PartHead of(String parameters) {
        var name = "";
        var file = "";
        var extended = "";
        var found = PARAMETER.matcher(parameters);
        while (found.find()) {
            var value = found.group(2) != null ? found.group(2) : found.group(3);
            switch (found.group(1).toLowerCase(Locale.ROOT)) {
                case "name" -> name = text(unescaped(value));
                case "filename" -> file = text(value);
                case "filename*" -> extended = extended(value);
                default -> {}
            }
        }
        if (name.isBlank() || name.length() > MAX_FIELD) {
            throw Problem.badRequest("A part of the form has no name.");
        }
        return new PartHead(name, extended.isEmpty() ? plain(unescapedQuotes(file)) : plain(extended));
    }

    private static String unescaped(String value) {
        return value.replaceAll("(?s)\\\\(.)", "$1");
    }

    /** A backslash that is before no quote and no backslash is the separator of a path. */
    private static String unescapedQuotes(String value) {
        return value.replaceAll("\\\\([\"\\\\])", "$1").replace("%22", "\"");
    }

    /** The bytes as UTF-8, or as what browsers write where they are not. */
    private static String text(String bytes) {
        var raw = bytes.getBytes(StandardCharsets.ISO_8859_1);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(raw))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(raw, ELSE);
        }
    }

    /** {@code UTF-8''percent-encoded}, RFC 8187; empty when it is not. */
    private static String extended(String value) {
        if (!value.regionMatches(true, 0, "utf-8'", 0, 6) || value.indexOf('\'', 6) < 0) {
            return "";
        }
        try {
            return java.net.URLDecoder.decode(
                    value.substring(value.indexOf('\'', 6) + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** The last component of a path, without what no name should have; {@code file} when nothing is left of one. */
    private static String plain(String given) {
        if (given.isEmpty()) {
            return "";
        }
        var last = given.substring(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
        var clean = new StringBuilder();
        last.codePoints()
                .filter(c -> !Character.isISOControl(c)
                        && c != 0xFFFD
                        && Character.getType(c) != Character.SURROGATE
                        && Character.getType(c) != Character.LINE_SEPARATOR
                        && Character.getType(c) != Character.PARAGRAPH_SEPARATOR)
                .forEach(clean::appendCodePoint);
        var name = clean.toString().strip().replaceFirst("^\\.+", "");
        return name.isEmpty() ? "file" : cut(name);
    }

    private static String cut(String name) {
        if (name.length() <= MAX_FILE) {
            return name;
        }
        int dot = name.lastIndexOf('.');
        var ending = dot > 0 && name.length() - dot <= MAX_ENDING ? name.substring(dot) : "";
        int end = MAX_FILE - ending.length();
        return name.substring(0, Character.isHighSurrogate(name.charAt(end - 1)) ? end - 1 : end) + ending;
    }
}
