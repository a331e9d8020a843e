package gateway.api.request;

import gateway.http.Problem;

/** The rule that a text holds characters: PostgreSQL takes no NUL, and half of a surrogate pair is no character. */
public final class Characters {
    private Characters() {}

    /**
     * Returns the text, once it is known to hold characters only.
     *
     * @param name the field that a refusal names
     * @throws Problem 400 naming the field
     */
    public static String only(String name, String text) {
        if (text.indexOf(0) >= 0 || holdsHalf(text)) {
            throw Problem.badField(name, "must hold characters only: no NUL, no broken UTF-8");
        }
        return text;
    }

    /** Whether half of a surrogate pair stands alone. */
    private static boolean holdsHalf(String text) {
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i++);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isLowSurrogate(c) || i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                return true;
            }
            i++;
        }
        return false;
    }
}
