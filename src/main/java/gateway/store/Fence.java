package gateway.store;

/** What must still be true for a write to count. It is asked in the transaction of the write itself. */
@FunctionalInterface
public interface Fence {
    /** @throws LeaseLost when the writer is no longer the one who may write */
    void check(Tx tx);
}
