package gateway.process;

/** The program's exit codes, the same for every command. */
public final class ExitCode {
    /** Done, or an orderly stop. */
    public static final int DONE = 0;
    /** A fault of this program's own; {@code audit verify}: the log was changed. */
    public static final int FAILED = 1;
    /** Only a person can change what is wrong: usage, a setting, a permission, damage. Repeating the start does not help. */
    public static final int REFUSED = 2;
    /** Something is absent for now, such as a database, a secret store, a port or room on the disk: {@code EX_TEMPFAIL}, sysexits.h. */
    public static final int ABSENT_FOR_NOW = 75;

    private ExitCode() {
    }
}
