package gateway.http.hardened;

import java.util.concurrent.atomic.AtomicBoolean;

import io.helidon.service.registry.GlobalServiceRegistry;

/**
 * Helidon's own configuration, which stays empty: settings come from {@code gateway.config} alone; and its services.
 */
public final class HelidonSettings {
    private static final AtomicBoolean EMPTIED = new AtomicBoolean();

    private HelidonSettings() {}

    /** Keeps Helidon from looking for services, files and properties of its own. Called by each try of a start. */
    public static void none() {
        if (EMPTIED.compareAndSet(false, true)) {
            GlobalServiceRegistry.registry(new HelidonServices());
        }
    }
}
