package gateway.config;

/**
 * Where a value came from.
 *
 * @param kind the sort of place, for rules such as "visible in ps"
 * @param text the place itself, as a reader looks for it: {@code .env line 3}, {@code flag --port}
 */
public record Origin(Kind kind, String text) {

    /** The sorts of place. */
    public enum Kind {
        FLAG,
        FILE,
        CREDENTIAL,
        DOTENV,
        ENVIRONMENT,
        VAULT,
        AWS,
        MOUNTED,
        DEFAULT
    }

    public static final Origin DEFAULT = new Origin(Kind.DEFAULT, "default");

    @Override
    public String toString() {
        return text;
    }
}
