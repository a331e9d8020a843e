package gateway.store;

import java.sql.SQLException;

import io.helidon.dbclient.DbClientException;

/** The database did not take a write (disk full, connection lost, closing). Nothing of it was kept; it may be tried again. */
public final class StoreUnavailable extends RuntimeException {
    StoreUnavailable(String message, Throwable cause) {
        super(message, cause);
    }

    static StoreUnavailable of(Throwable failure) {
        return failure instanceof StoreUnavailable same ? same : new StoreUnavailable("the database did not answer", failure);
    }

    /** Wraps what the database said; anything else is the unit of work's own answer and stays as it is. */
    static Throwable ofOrSame(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException || cause instanceof DbClientException) {
                return of(failure);
            }
        }
        return failure;
    }
}
