package gateway.admin;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** A port that an instance could have at this moment: free, and that of its metrics too. */
public final class FreePort {
    private FreePort() {}

    /** Below those that the system hands out by itself (ip_local_port_range), so that nobody takes it meanwhile. */
    public static int find() throws IOException {
        for (int i = 0; i < 200; i++) {
            int port = ThreadLocalRandom.current().nextInt(10_500, 19_500);
            if (free(port) && free(PortRules.metrics(port))) {
                return port;
            }
        }
        throw new IOException("no free port");
    }

    private static boolean free(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
