package gateway.http.hardened;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import io.helidon.common.Weighted;
import io.helidon.common.mapper.DefaultMapperProvider__ServiceDescriptor;
import io.helidon.common.mapper.Mapper;
import io.helidon.common.mapper.spi.MapperProvider;
import io.helidon.common.types.TypeName;
import io.helidon.config.Config;
import io.helidon.dbclient.DbMapperProviderImpl;
import io.helidon.service.registry.Lookup;
import io.helidon.service.registry.RegistryMetrics;
import io.helidon.service.registry.ServiceInfo;
import io.helidon.service.registry.ServiceInstance;
import io.helidon.service.registry.ServiceRegistry;
import io.helidon.service.registry.ServiceRegistryManager;
import io.helidon.webserver.spi.ServerFeatureProvider;
import org.jspecify.annotations.Nullable;

/**
 * The services that Helidon's libraries look up while the gateway runs, as constants: an empty configuration, two
 * mappers, and no feature of the web server. Helidon's own registry would find the same ones, at a fifth of the
 * processor time of a start, and would add scopes of requests, which nothing here uses. It is made, and asked, when
 * another service is looked up.
 */
final class HelidonServices implements ServiceRegistry {
    private static final Config NO_CONFIG = Config.empty();
    private static final List<MapperProvider> MAPPERS = List.of(new DbMapperProviderImpl(), new Texts());

    /** Helidon's registry, made at the first look at this class. */
    private static final class Found {
        static final ServiceRegistry REGISTRY = ServiceRegistryManager.create().registry();
    }

    /** Helidon's mapper of texts and numbers, made for the first value that has another type than the one asked for. */
    private static final class Texts implements MapperProvider, Weighted {
        private static final class Own {
            static final MapperProvider MAPPER =
                    (MapperProvider) DefaultMapperProvider__ServiceDescriptor.INSTANCE.instantiate(null, null);
        }

        @Override
        public ProviderResponse mapper(Class<?> source, Class<?> target, String qualifier) {
            return Own.MAPPER.mapper(source, target, qualifier);
        }

        @Override
        public double weight() {
            return 0.1;
        }
    }

    /** The constant services of a contract; null when Helidon's registry has to be asked. */
    private static @Nullable List<?> known(String contract) {
        if (contract.equals(Config.class.getName())) {
            return List.of(NO_CONFIG);
        }
        if (contract.equals(MapperProvider.class.getName())) {
            return MAPPERS;
        }
        return contract.equals(Mapper.class.getName()) || contract.equals(ServerFeatureProvider.class.getName())
                ? List.of()
                : null;
    }

    @SuppressWarnings("unchecked") // known() pairs the name of a contract with services of that contract
    private static <T> List<T> all(String contract, Supplier<List<T>> otherwise) {
        var known = known(contract);
        return known == null ? otherwise.get() : (List<T>) known;
    }

    @Override
    public <T> T get(Class<T> contract) {
        return all(contract.getName(), () -> List.of(Found.REGISTRY.get(contract)))
                .getFirst();
    }

    @Override
    public <T> T get(TypeName contract) {
        return HelidonServices.<T>all(contract.fqName(), () -> List.of(Found.REGISTRY.<T>get(contract)))
                .getFirst();
    }

    @Override
    public <T> Optional<T> first(Class<T> contract) {
        return all(
                        contract.getName(),
                        () -> Found.REGISTRY.first(contract).stream().toList())
                .stream()
                .findFirst();
    }

    @Override
    public <T> Optional<T> first(TypeName contract) {
        return HelidonServices.<T>all(
                        contract.fqName(),
                        () -> Found.REGISTRY.<T>first(contract).stream().toList())
                .stream()
                .findFirst();
    }

    @Override
    public <T> List<T> all(Class<T> contract) {
        return all(contract.getName(), () -> Found.REGISTRY.all(contract));
    }

    @Override
    public <T> List<T> all(TypeName contract) {
        return all(contract.fqName(), () -> Found.REGISTRY.all(contract));
    }

    @Override
    public <T> Supplier<T> supply(TypeName contract) {
        return () -> get(contract);
    }

    @Override
    public <T> Supplier<Optional<T>> supplyFirst(TypeName contract) {
        return () -> first(contract);
    }

    @Override
    public <T> Supplier<List<T>> supplyAll(TypeName contract) {
        return () -> all(contract);
    }

    @Override
    public <T> Optional<T> get(ServiceInfo service) {
        return Found.REGISTRY.get(service);
    }

    @Override
    public List<ServiceInfo> allServices(TypeName contract) {
        return Found.REGISTRY.allServices(contract);
    }

    @Override
    public <T> T get(Lookup lookup) {
        return Found.REGISTRY.get(lookup);
    }

    @Override
    public <T> Optional<T> first(Lookup lookup) {
        return Found.REGISTRY.first(lookup);
    }

    @Override
    public <T> List<T> all(Lookup lookup) {
        return Found.REGISTRY.all(lookup);
    }

    @Override
    public <T> Supplier<T> supply(Lookup lookup) {
        return Found.REGISTRY.supply(lookup);
    }

    @Override
    public <T> Supplier<Optional<T>> supplyFirst(Lookup lookup) {
        return Found.REGISTRY.supplyFirst(lookup);
    }

    @Override
    public <T> Supplier<List<T>> supplyAll(Lookup lookup) {
        return Found.REGISTRY.supplyAll(lookup);
    }

    @Override
    public List<ServiceInfo> lookupServices(Lookup lookup) {
        return Found.REGISTRY.lookupServices(lookup);
    }

    @Override
    public <T> List<ServiceInstance<T>> lookupInstances(Lookup lookup) {
        return Found.REGISTRY.lookupInstances(lookup);
    }

    @Override
    public RegistryMetrics metrics() {
        return Found.REGISTRY.metrics();
    }
}
