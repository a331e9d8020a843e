package gateway.api.sandbox;

import java.util.List;

import io.helidon.webserver.http.HttpService;

import gateway.api.EngineRoutes;
import gateway.api.RequestTools;

/** The sandbox's controls, all under {@code /sandbox}. */
public final class SandboxControls implements EngineRoutes {

    @Override
    public String path() {
        return "/sandbox";
    }

    @Override
    public List<HttpService> services(RequestTools tools) {
        return List.of(new SandboxRoutes(tools), new InboundRoutes(tools));
    }
}
