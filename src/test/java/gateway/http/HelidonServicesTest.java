package gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Comparator;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.helidon.service.registry.Lookup;
import io.helidon.service.registry.ServiceInfo;
import io.helidon.service.registry.ServiceRegistryConfig;
import io.helidon.service.registry.ServiceRegistryManager;
import org.junit.jupiter.api.Test;

class HelidonServicesTest {

    /** A service that a newer Helidon brings is missing from the list until this test says so. */
    @Test
    void theListHasEveryServiceThatHelidonFinds() {
        var listed = HelidonServices.all().stream().map(service -> service.getClass().getName())
                .collect(Collectors.toCollection(TreeSet::new));
        var manager = ServiceRegistryManager.create(ServiceRegistryConfig.builder()
                .discoverServicesFromServiceLoader(false).build());
        try {
            var found = manager.registry().lookupServices(Lookup.EMPTY).stream()
                    .sorted(Comparator.comparing(service -> service.getClass().getName()))
                    .map(HelidonServicesTest::name)
                    // The client is the tests' own and never shipped.
                    .filter(name -> !name.startsWith("io.helidon.webclient."))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(listed, found);
        } finally {
            manager.shutdown();
        }
    }

    private static String name(ServiceInfo service) {
        return service.getClass().getName();
    }
}
