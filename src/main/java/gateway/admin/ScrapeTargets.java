package gateway.admin;

import java.io.IOException;

import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.http.Envelope;

/**
 * Tells Prometheus where each instance's metrics are, in the form of its HTTP service discovery. For the listener of
 * the metrics, which is on loopback: it says ports and nothing else. When the instances cannot be listed it is 500, and
 * Prometheus keeps those it knows.
 */
public final class ScrapeTargets implements Handler {
    private final Instances instances;

    public ScrapeTargets(Instances instances) {
        this.instances = instances;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws IOException {
        var groups = Envelope.JSON.createArrayNode();
        for (int port : instances.ports()) {
            var group = groups.addObject();
            group.putArray("targets").add("127.0.0.1:" + PortRules.metrics(port));
            group.putObject("labels").put("instance", "whatsapp@" + port);
        }
        response.headers().set(Envelope.JSON_TYPE);
        response.send(groups.toString());
    }
}
