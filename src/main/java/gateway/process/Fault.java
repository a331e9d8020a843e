package gateway.process;

/**
 * A failure that is explained: its message is one sentence for the operator, with the remedy. Implemented by
 * exceptions.
 */
public interface Fault {
    /** Whether it may be over by itself, so that the same start or command is worth repeating. */
    boolean isPassing();

    /** The exit code of a process that ends because of it. */
    default int exitCode() {
        return isPassing() ? ExitCode.ABSENT_FOR_NOW : ExitCode.REFUSED;
    }
}
