package gateway.http.hardened;

import io.helidon.service.registry.GlobalServiceRegistry;

/**
 * Helidon's own configuration, which stays empty: settings come from {@code gateway.config} alone; and its services.
 */
public final class HelidonSettings {
    private static boolean emptied;

    private HelidonSettings() {}

    /**
     * Keeps Helidon from looking for services, files and properties of its own. Called by each try of a start. When two
     * threads call, both return once it is done.
     */
    public static synchronized void none() {
        if (!emptied) {
            GlobalServiceRegistry.registry(new HelidonServices());
            emptied = true;
        }
    }
}
