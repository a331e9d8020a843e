package gateway.store;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import gateway.process.Fault;

/** The database cannot be used as it is: one sentence for the operator, with the remedy. Nothing was changed. */
public final class StoreFault extends RuntimeException implements Fault {
    private final boolean passing;

    /** A fault that only a person can end. */
    public StoreFault(String message) {
        this(message, null, false);
    }

    /** A fault that only a person can end. */
    public StoreFault(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    private StoreFault(String message, @Nullable Throwable cause, boolean passing) {
        super(message, cause);
        this.passing = passing;
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** What is needed is absent for now. */
    static StoreFault passing(String message, @Nullable Throwable cause) {
        return new StoreFault(message, cause, true);
    }

    @Override
    public boolean isPassing() {
        return passing;
    }
}
