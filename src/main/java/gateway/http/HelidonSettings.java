package gateway.http;

import java.util.concurrent.atomic.AtomicBoolean;

import io.helidon.config.Config;
import io.helidon.service.registry.GlobalServiceRegistry;
import io.helidon.service.registry.ServiceRegistryConfig;
import io.helidon.service.registry.ServiceRegistryManager;
import io.helidon.service.registry.Services;

/** Helidon's own configuration, which stays empty: settings come from {@code gateway.config} alone; and its services. */
public final class HelidonSettings {
    private static final AtomicBoolean EMPTIED = new AtomicBoolean();

    private HelidonSettings() {
    }

    /**
     * Keeps Helidon from looking for services, files and properties of its own. Called by each try of a start; the registry
     * takes a configuration once in the life of a process.
     */
    public static void none() {
        if (EMPTIED.compareAndSet(false, true)) {
            GlobalServiceRegistry.registry(ServiceRegistryManager.create(ServiceRegistryConfig.builder()
                    .discoverServices(false)
                    .serviceDescriptors(HelidonServices.all())
                    .build()).registry());
            Services.set(Config.class, Config.empty());
        }
    }
}
