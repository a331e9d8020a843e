package gateway.http.hardened;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.helidon.common.mapper.Mapper;
import io.helidon.common.mapper.Mappers;
import io.helidon.common.mapper.spi.MapperProvider;
import io.helidon.config.Config;
import io.helidon.metrics.api.MetricsFactory;
import io.helidon.service.registry.ServiceRegistry;
import io.helidon.service.registry.ServiceRegistryManager;
import io.helidon.webserver.spi.ServerFeatureProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.Program;

class HelidonServicesTest {
    private static ServiceRegistryManager manager;
    private static ServiceRegistry found;
    private final HelidonServices known = new HelidonServices();

    @BeforeAll
    static void find() {
        manager = ServiceRegistryManager.create();
        found = manager.registry();
    }

    @AfterAll
    static void close() {
        manager.shutdown();
    }

    private static Set<String> names(List<?> services) {
        return services.stream()
                .map(service -> service.getClass().getSimpleName())
                .collect(Collectors.toSet());
    }

    /** A service that a newer Helidon brings, and that the constants lack, is told of here. */
    @Test
    void helidonItselfFindsNoOtherServices() {
        assertEquals(Set.of("DbMapperProviderImpl", "DefaultMapperProvider"), names(found.all(MapperProvider.class)));
        assertEquals(2, known.all(MapperProvider.class).size());
        assertEquals(List.of(), found.all(Mapper.class));
        assertEquals(List.of(), known.all(Mapper.class));
        // It keeps objects of a request's scope, of which there are none here.
        assertEquals(Set.of("RequestScopeFeatureProvider"), names(found.all(ServerFeatureProvider.class)));
        assertEquals(List.of(), known.all(ServerFeatureProvider.class));
        assertEquals(Set.of(), known.get(Config.class).asMap().orElse(Map.of()).keySet());
    }

    @Test
    void valuesAreConvertedAsHelidonDoes() {
        var mappers = Mappers.builder()
                .serviceRegistry(known)
                .mapperProvidersDiscoverServices(false)
                .mapperProviders(known.all(MapperProvider.class))
                .build();
        assertEquals(17L, mappers.map("17", String.class, Long.class));
        assertEquals(17, mappers.map("17", String.class, Integer.class));
        assertEquals("17", mappers.map(17L, Long.class, String.class));
    }

    @Test
    void anotherServiceIsLookedUpInHelidonsRegistry() {
        assertEquals(names(found.all(MetricsFactory.class)), names(known.all(MetricsFactory.class)));
        assertTrue(known.first(Mappers.class).isPresent());
    }

    /** A class of the registry that is loaded at a start costs it some fifth of its processor time. */
    @Test
    void aStartNeverWakesHelidonsRegistry(@TempDir Path folder) throws Exception {
        var classes = folder.resolve("classes.log");
        try (var program = Program.rest(folder, Map.of("JAVA_TOOL_OPTIONS", Program.CLASSES_LOADED + classes))) {
            assertEquals(200, program.get("/app/status").statusCode());
            assertEquals(200, program.get("/app/devices").statusCode());
            assertTrue(program.post("/send/message", "{\"phone\":1}").statusCode() >= 400);
            assertTrue(program.metrics().contains("whatsapp_"));
        }
        var loaded = Files.readString(classes);
        assertTrue(loaded.contains("gateway.http.hardened.HelidonServices "), "the log lists no classes");
        assertEquals(
                List.of(),
                loaded.lines()
                        .filter(line -> line.contains(" io.helidon.service.registry.CoreServiceRegistry "))
                        .toList());
    }
}
