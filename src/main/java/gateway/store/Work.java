package gateway.store;

import org.jspecify.annotations.Nullable;

/**
 * A unit of work: all of its statements become durable together, or none.
 * It may be run again when a neighbour in the same group fails, so it changes nothing but the database.
 */
@FunctionalInterface
public interface Work<T> {
    /** The unit's result; null where there is nothing to tell. */
    @Nullable
    T run(Tx tx);
}
