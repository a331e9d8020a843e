package gateway.process;

/**
 * The logger of a class that a start needs early. Such a class has no logger as a constant, because Java opens every
 * library before it makes the first logger, and a start reads its settings meanwhile.
 */
public final class LateLogger {
    private LateLogger() {}

    /** The class's logger; waits until the first logger can be made. */
    public static System.Logger of(Class<?> owner) {
        return System.getLogger(owner.getName());
    }
}
