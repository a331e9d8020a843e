package gateway.config;

import java.util.regex.Pattern;

/** Text from elsewhere, such as a file's name, as it may stand in one line of a terminal, a report or XML. */
public final class OneLine {
    /** Controls (C0 and C1), line ends, turned directions of writing, and what is no character in XML 1.0. */
    private static final Pattern OBEYED =
            Pattern.compile("[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\u202A-\\u202E\\u2066-\\u2069\\uFFFE\\uFFFF]");

    private OneLine() {}

    /** The text with a question mark for each character that a terminal or parser would obey or refuse. */
    public static String of(String text) {
        return OBEYED.matcher(text).replaceAll("?");
    }
}
