package gateway.config;

/**
 * One thing an operator has to know about one setting.
 *
 * @param name   the setting's (environment) name, or the name of the file concerned
 * @param origin where the value came from
 * @param what   what is wrong, as the rest of a sentence that starts with the name
 * @param remedy what to do about it, as an imperative
 * @param isPassing whether it may be over by itself, as a secret store's outage
 */
public record SettingProblem(String name, Origin origin, String what, String remedy, boolean isPassing) {
    public SettingProblem(String name, Origin origin, String what, String remedy) {
        this(name, origin, what, remedy, false);
    }

    /** One line: name, origin, what is wrong, remedy. */
    public String sentence() {
        return name + " (" + origin + ") " + what + "; " + remedy + ".";
    }
}
