package gateway.http;

import java.util.List;

import io.helidon.common.config.ConfigFactory__ServiceDescriptor;
import io.helidon.common.mapper.DefaultMapperProvider__ServiceDescriptor;
import io.helidon.common.mapper.DefaultResolverService__ServiceDescriptor;
import io.helidon.common.mapper.MappersFactory__ServiceDescriptor;
import io.helidon.config.ConfigProvider__ServiceDescriptor;
import io.helidon.config.ConfigurationValueFactory__ServiceDescriptor;
import io.helidon.config.MetaConfigFactory__ServiceDescriptor;
import io.helidon.http.Headers__ServiceDescriptor;
import io.helidon.http.HttpPrologue__ServiceDescriptor;
import io.helidon.http.ServerRequestHeaders__ServiceDescriptor;
import io.helidon.metrics.api.MeterRegistryFactory__ServiceDescriptor;
import io.helidon.metrics.api.MetricsFactoryFactory__ServiceDescriptor;
import io.helidon.security.SecurityFactory__ServiceDescriptor;
import io.helidon.service.registry.EventManagerImpl__ServiceDescriptor;
import io.helidon.service.registry.InterceptionMetadata__ServiceDescriptor;
import io.helidon.service.registry.PerRequestScopeHandler__ServiceDescriptor;
import io.helidon.service.registry.Scopes__ServiceDescriptor;
import io.helidon.service.registry.ServiceDescriptor;
import io.helidon.service.registry.ServiceRegistry__ServiceDescriptor;
import io.helidon.tracing.TracerFactory__ServiceDescriptor;
import io.helidon.webserver.LoomServer__ServiceDescriptor;
import io.helidon.webserver.RequestScopeFeatureProvider__ServiceDescriptor;
import io.helidon.webserver.WebServerService__ServiceDescriptor;
import io.helidon.webserver.WebServerStarterService__ServiceDescriptor;
import io.helidon.webserver.http.HttpEntryPointsImpl__ServiceDescriptor;
import io.helidon.webserver.http.ServerRequest__ServiceDescriptor;
import io.helidon.webserver.http.ServerResponse__ServiceDescriptor;
import io.helidon.webserver.websocket.WsServerFeature__ServiceDescriptor;

/**
 * The services of Helidon's libraries, as a list. Helidon would find the same ones by reading a JSON file of each jar, which
 * takes a fifth of the processor time of a start. A test compares the list with what Helidon finds.
 */
final class HelidonServices {
    private HelidonServices() {
    }

    static List<ServiceDescriptor<?>> all() {
        return List.of(
                LoomServer__ServiceDescriptor.INSTANCE,
                RequestScopeFeatureProvider__ServiceDescriptor.INSTANCE,
                WebServerService__ServiceDescriptor.INSTANCE,
                WebServerStarterService__ServiceDescriptor.INSTANCE,
                HttpEntryPointsImpl__ServiceDescriptor.INSTANCE,
                ServerRequest__ServiceDescriptor.INSTANCE,
                ServerResponse__ServiceDescriptor.INSTANCE,
                Headers__ServiceDescriptor.INSTANCE,
                HttpPrologue__ServiceDescriptor.INSTANCE,
                ServerRequestHeaders__ServiceDescriptor.INSTANCE,
                ConfigProvider__ServiceDescriptor.INSTANCE,
                ConfigurationValueFactory__ServiceDescriptor.INSTANCE,
                MetaConfigFactory__ServiceDescriptor.INSTANCE,
                WsServerFeature__ServiceDescriptor.INSTANCE,
                SecurityFactory__ServiceDescriptor.INSTANCE,
                TracerFactory__ServiceDescriptor.INSTANCE,
                MeterRegistryFactory__ServiceDescriptor.INSTANCE,
                MetricsFactoryFactory__ServiceDescriptor.INSTANCE,
                EventManagerImpl__ServiceDescriptor.INSTANCE,
                InterceptionMetadata__ServiceDescriptor.INSTANCE,
                PerRequestScopeHandler__ServiceDescriptor.INSTANCE,
                Scopes__ServiceDescriptor.INSTANCE,
                ServiceRegistry__ServiceDescriptor.INSTANCE,
                DefaultMapperProvider__ServiceDescriptor.INSTANCE,
                DefaultResolverService__ServiceDescriptor.INSTANCE,
                MappersFactory__ServiceDescriptor.INSTANCE,
                ConfigFactory__ServiceDescriptor.INSTANCE);
    }
}
