package gateway.admin;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Set;

/** Which ports an instance may have. It takes two: its own, and one for its metrics. */
public final class PortRules {
    private static final int METRICS_DISTANCE = 10_000;
    private static final int KNOCK_MILLIS = 500;

    private final Set<Integer> reserved;

    /** @param reserved ports that are the appliance's own, whether or not somebody listens there now */
    public PortRules(Set<Integer> reserved) {
        this.reserved = Set.copyOf(reserved);
    }

    /** Where an instance's metrics are: 10000 above its port, or below where there is no such port. */
    static int metrics(int port) {
        return port + METRICS_DISTANCE <= InstanceRequest.MAX_PORT ? port + METRICS_DISTANCE : port - METRICS_DISTANCE;
    }

    /**
     * @param others ports of the instances there are
     * @throws gateway.http.Problem 400 for one that no instance may have here, 409 for one that is taken
     */
    void check(int port, List<Integer> others, Supervisor supervisor) {
        if (!supervisor.allows(port)) {
            throw AdminErrors.invalidPort("is outside of the range that instances have here.");
        }
        var wanted = List.of(port, metrics(port));
        if (wanted.stream().anyMatch(reserved::contains)) {
            throw AdminErrors.invalidPort(
                    "is reserved: the gateway, the Admin API or their metrics have it, or the port its metrics would have.");
        }
        for (int other : others) {
            if (wanted.contains(other) || wanted.contains(metrics(other))) {
                throw AdminErrors.inUse(port);
            }
        }
        if (wanted.stream().anyMatch(PortRules::answers)) {
            throw AdminErrors.inUse(port);
        }
    }

    private static boolean answers(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), KNOCK_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
