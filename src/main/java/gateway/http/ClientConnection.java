package gateway.http;

import gateway.auth.Network;
import gateway.auth.Principal;

/** The connection that a request came on, as far as the gate and the request's handlers know it. */
public interface ClientConnection {
    /** The exchange that is under way on the connection. */
    Exchange exchange();

    /** Whether the path of the request under way came with a slash at its end, which is taken off. */
    boolean isSlashed();

    /** Whether the request under way is HEAD, which handlers see as GET. */
    boolean isHead();

    /**
     * Takes one of the slots for requests under way, which the exchange gives back at its end.
     *
     * @param site      the client's network, an IPv4 address or an IPv6 /64
     * @param principal who asks
     * @return false when the network or the principal has its share under way already
     */
    boolean claim(Network site, Principal principal);

    /** Gives the slots back before the exchange ends: the request is refused, and only waits to be told. */
    void release();
}
