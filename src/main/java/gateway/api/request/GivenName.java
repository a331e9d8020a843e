package gateway.api.request;

/** The name of a field as a client wrote it, in a refusal. */
final class GivenName {
    /** The longest part that a refusal repeats, in characters. */
    private static final int MAX_SHOWN = 64;

    private GivenName() {}

    /** The beginning of the name, without what a terminal obeys. */
    static String shown(String name) {
        var shown = name.substring(0, Math.min(MAX_SHOWN, name.length())).replaceAll("[^\\x21-\\x7E]", "?");
        return shown.isEmpty() ? "(empty name)" : shown;
    }

    /**
     * The same of a name that no operation has. Without a value the name may itself be one, a secret perhaps: whoever
     * forgets the name of a form's field sends its value alone.
     */
    static String unknown(String name, boolean hasValue) {
        return hasValue ? shown(name) : "(a name without a value)";
    }
}
