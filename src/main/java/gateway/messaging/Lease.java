package gateway.messaging;

import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import gateway.store.Fence;
import gateway.store.LeaseLost;
import gateway.store.Tx;

/**
 * This node's right to act for an account, until another one's epoch begins. Its holder trusts it for less time than
 * the database grants it, counted from before the asking, so it stops before another may begin.
 */
final class Lease implements Fence {
    /**
     * What the database grants. An account whose node dies is served again within this and the time it takes to open
     * its connection: four seconds at most, one below what is promised. Shorter, and a pause of the collector or the
     * network would move accounts about.
     */
    static final long GRANTED_MILLIS = 3_000;
    /** Ends before the grant does by more than the clocks' rates and a late look at this one can differ. */
    private static final long TRUSTED_NANOS = TimeUnit.MILLISECONDS.toNanos(GRANTED_MILLIS * 3 / 4);

    private final String device;
    private final String owner;
    private final long epoch;
    private volatile long trustedUntil;
    /** The transaction that has passed; touched by the writing thread alone. */
    private @Nullable Tx passed;

    Lease(String device, String owner, long epoch, long asked) {
        this.device = device;
        this.owner = owner;
        this.epoch = epoch;
        renewed(asked);
    }

    String device() {
        return device;
    }

    long epoch() {
        return epoch;
    }

    /** @param asked {@link System#nanoTime} before the database was asked */
    void renewed(long asked) {
        trustedUntil = asked + TRUSTED_NANOS;
    }

    void lost() {
        trustedUntil = System.nanoTime();
    }

    /** Whether this node may still act; by the machine's own clock, which no one sets. */
    boolean stands() {
        return System.nanoTime() - trustedUntil < 0;
    }

    /**
     * Holds the row until the write is done: whoever takes the lease over waits for it, and what it reads is complete.
     */
    @Override
    public void check(Tx tx) {
        if (passed == tx) {
            return;
        }
        if (!tx.any(
                "SELECT 1 FROM session_lease WHERE device = ? AND owner = ? AND epoch = ? FOR SHARE",
                device,
                owner,
                epoch)) {
            throw new LeaseLost(device);
        }
        passed = tx;
    }
}
