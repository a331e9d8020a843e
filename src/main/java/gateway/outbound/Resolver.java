package gateway.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Asks for the addresses of a name. */
@FunctionalInterface
public interface Resolver {
    /**
     * All addresses of the name, in the order they should be tried.
     *
     * @throws UnknownHostException when there are none, or the answer took too long
     */
    InetAddress[] resolve(String host) throws UnknownHostException;
}
