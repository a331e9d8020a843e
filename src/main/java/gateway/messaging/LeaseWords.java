package gateway.messaging;

import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import gateway.process.Seldom;
import gateway.store.Store;
import gateway.store.Tx;

/**
 * The words about leases that nodes send each other by the database: that leases are free, and that a node has left an
 * account.
 */
final class LeaseWords {
    private static final String FREE = "lease";
    /** The name of the account follows. */
    private static final String LEFT = "left ";
    /** How often a word is tried while the database is away: a minute. */
    private static final int MAX_TRIES = 60;

    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Store store;
    private final Seldom log = new Seldom(LeaseWords.class);

    LeaseWords(Store store) {
        this.store = store;
    }

    /**
     * Hears the words of all nodes, this one included.
     *
     * @param free runs when leases are free
     * @param left is told the account that a node has left
     */
    void hear(Runnable free, Consumer<String> left) {
        store.listen(word -> {
            if (word.equals(FREE)) {
                free.run();
            } else if (word.startsWith(LEFT)) {
                left.accept(word.substring(LEFT.length()));
            }
        });
    }

    /** Tells that leases are free when the transaction commits. */
    void free(Tx tx) {
        store.signal(tx, FREE);
    }

    /**
     * Tells that this node's connection of the account is closed. A node that stands still between the question about
     * its lease and its login may end the connection of the next node. The next node then has to know that this node is
     * no longer connected.
     *
     * @param closed whether this node stops, and no longer tries
     */
    void left(String device, BooleanSupplier closed) {
        for (int tries = 0; tries < MAX_TRIES && !closed.getAsBoolean(); tries++) {
            try {
                store.write(tx -> {
                    store.signal(tx, LEFT + device);
                    return true;
                });
                return;
            } catch (RuntimeException e) {
                log.log(Level.WARNING, "no node can be told that this one has left " + device + "; trying again", e);
                LockSupport.parkNanos(AGAIN_NANOS);
            }
        }
    }
}
