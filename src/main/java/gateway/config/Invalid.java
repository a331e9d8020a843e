package gateway.config;

import java.util.Optional;

/**
 * A value that a setting refuses. {@code what} continues the sentence that begins with the setting's name;
 * neither part ever repeats the text of a secret.
 */
public final class Invalid extends Exception {
    private final String what;
    private final String remedy;

    public Invalid(String what, String remedy) {
        super(what, null, false, false);
        this.what = what;
        this.remedy = remedy;
    }

    /**
     * The reason of a refused text that stands in quotation marks, as in a file for {@code docker --env-file}; empty
     * for any other text.
     */
    public static Optional<Invalid> quotationMarks(String text) {
        return text.matches("(?s)\".*\"|'.*'")
                ? Optional.of(new Invalid(
                        "stands in quotation marks, which belong to the value here",
                        "remove them: docker --env-file takes the text behind the equals sign as it is"))
                : Optional.empty();
    }

    public String what() {
        return what;
    }

    public String remedy() {
        return remedy;
    }
}
