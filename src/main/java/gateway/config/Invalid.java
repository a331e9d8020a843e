package gateway.config;

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

    public String what() {
        return what;
    }

    public String remedy() {
        return remedy;
    }
}
