package gateway.store;

/**
 * A unit of work: all of its statements become durable together, or none.
 * It may be run again when a neighbour in the same group fails, so it changes nothing but the database.
 */
@FunctionalInterface
public interface Work<T> {
    T run(Tx tx);
}
