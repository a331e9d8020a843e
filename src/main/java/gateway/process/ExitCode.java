package gateway.process;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The program's exit codes, the same for every command. */
public final class ExitCode {
    /** Done, or an orderly stop. */
    public static final int DONE = 0;
    /**
     * A fault of this program's own; of {@code audit verify}, {@code backup verify} and {@code restore}: what is read
     * was changed; of {@code check}: a demand is not met.
     */
    public static final int FAILED = 1;
    /**
     * Only a person can change what is wrong: usage, a setting, a permission, damage. Repeating the start does not
     * help.
     */
    public static final int REFUSED = 2;
    /** Of {@code check}: a demand is met in part, or could not be looked at. */
    public static final int UNCERTAIN = 3;
    /**
     * Something is absent for now, such as a database, a secret store, a port or room on the disk: {@code EX_TEMPFAIL},
     * sysexits.h.
     */
    public static final int ABSENT_FOR_NOW = 75;

    private ExitCode() {}

    /**
     * Each code as text, with its meaning in one sentence: for the program's help and for the documents made from it.
     */
    public static Map<String, String> meanings() {
        var meanings = new LinkedHashMap<String, String>();
        meanings.put("" + DONE, "The command is done, or the server stopped in order.");
        meanings.put(
                "" + FAILED,
                "The program has a fault of its own. For `audit verify`, `backup verify` and `restore`: the log or the backup was changed. For `check`: a demand is not met.");
        meanings.put("" + REFUSED, "Only a person can change what is wrong: usage, a setting, a permission or damage.");
        meanings.put("" + UNCERTAIN, "For `check`: a demand is met in part, or could not be looked at.");
        meanings.put(
                "" + ABSENT_FOR_NOW,
                "Something is absent for now: a database, a secret store, a port or room on the disk.");
        return Collections.unmodifiableMap(meanings);
    }
}
