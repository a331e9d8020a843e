package gateway.api;

import java.util.List;

import io.helidon.webserver.http.HttpService;

/** Routes that belong to one engine. They are served only where accounts can have that engine. */
public interface EngineRoutes {

    /** Where the routes are, such as {@code /sandbox}. */
    String path();

    /** The services under that path. */
    List<HttpService> services(RequestTools tools);
}
