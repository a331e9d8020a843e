package gateway.store;

/** The database cannot be used as it is: one sentence for the operator, with the remedy. Nothing was changed. */
public final class StoreFault extends RuntimeException {
    public StoreFault(String message) {
        super(message);
    }

    public StoreFault(String message, Throwable cause) {
        super(message, cause);
    }
}
