package gateway.wiring;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.helidon.health.HealthCheck;

import gateway.api.HealthRoutes;
import gateway.process.Resources;
import gateway.process.WorkerKind;
import gateway.secret.Sealing;
import gateway.store.Store;

/**
 * The database of the server, and the seals of what is secret in it.
 *
 * @param store   open for as long as the server runs
 * @param sealing with every seal made anew under the newest key
 */
record StoreParts(Store store, Sealing sealing) {
    /** The writing thread takes a turn at least twice a second; after this time without a turn it is stuck. */
    private static final long WRITER_STUCK_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long WRITER_WELL_NANOS = TimeUnit.SECONDS.toNanos(2);

    static StoreParts open(Groundwork groundwork, Resources parts) {
        var settings = groundwork.settings();
        var database = Wiring.database(settings, groundwork.rotated());
        var store = parts.add(Store.open(database, Wiring.continuity(settings.storage())));
        groundwork.workers().watch(WorkerKind.STORE_WRITER, () -> idle(store));
        parts.add(store.marking(database));

        var sealing = Wiring.sealing(settings, store, groundwork.keys());
        sealing.rewrap();
        groundwork.ledger().rewrap();
        return new StoreParts(store, sealing);
    }

    /** How long the writing thread has taken no turn; zero while it takes turns as it should. */
    private static Duration idle(Store store) {
        long nanos = store.writerIdleNanos();
        return nanos < WRITER_WELL_NANOS ? Duration.ZERO : Duration.ofNanos(nanos);
    }

    /** Whether the store takes writes, because its thread takes turns. */
    boolean isWriting() {
        return store.writerIdleNanos() < WRITER_STUCK_NANOS;
    }

    /** Ready for as long as the store takes writes. */
    HealthCheck check() {
        return new HealthRoutes.Readiness("store", this::isWriting);
    }
}
