package gateway.interop;

/** A scenario did not go as it should; the message says what was seen. */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failure(String message) {
        super(message);
    }

    static void unless(boolean holds, String message) {
        if (!holds) {
            throw new Failure(message);
        }
    }
}
