package gateway.messaging;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;

import gateway.database.PostgresForTests;
import gateway.process.Workers;
import gateway.store.Store;

/** What nodes on one PostgreSQL say to each other about their leases. */
class LeaseWordsTest {
    private static final String DEVICE = "default";

    private final CountDownLatch taken = new CountDownLatch(1);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CompletableFuture<Boolean> heard = new CompletableFuture<>();

    /** The node that loses the account; closing its connection takes until the next node serves the account. */
    private final class Before implements Leases.Holder {
        @Override
        public void taken(Lease lease) {}

        @Override
        public void lost(String device) {
            try {
                assertTrue(taken.await(60, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            closed.set(true);
        }
    }

    private final class Next implements Leases.Holder {
        @Override
        public void taken(Lease lease) {
            taken.countDown();
        }

        @Override
        public void lost(String device) {}

        @Override
        public void left(String device) {
            heard.complete(closed.get() && device.equals(DEVICE));
        }
    }

    @Test
    void theNextNodeHearsOnceTheOneBeforeHasClosedItsConnection() throws Exception {
        var database = PostgresForTests.running().fresh();
        try (var store = Store.open(database);
                var other = Store.open(database);
                var before = new Leases(store, "before", new Before(), new Workers());
                var next = new Leases(other, "next", new Next(), new Workers())) {
            store.write(tx -> tx.insert("INSERT INTO device (id, created_at) VALUES (?, 1)", DEVICE));
            before.start();
            next.start();
            await().until(() ->
                    store.number("SELECT count(*) FROM pg_stat_activity WHERE query = 'LISTEN whatsapp' AND datname = '"
                                    + database.name() + "'")
                            == 2);
            store.write(tx -> tx.update("UPDATE session_lease SET owner = 'next', epoch = epoch + 1"));
            assertTrue(heard.get(60, TimeUnit.SECONDS), "it hears of the account, once the connection is closed");
        }
    }
}
