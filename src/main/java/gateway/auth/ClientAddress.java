package gateway.auth;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whose request it is when proxies stand in between. {@code X-Forwarded-For} is believed only from addresses that the
 * operator named, and of its entries the right-most one that no named proxy could have written: everything left of that
 * is the client's own claim (OWASP ASVS 4.1.3, 15.3.4).
 */
public final class ClientAddress {
    /** Longer lists are not looked at further: no chain of proxies has so many hops. */
    private static final int MAX_HOPS = 16;

    private final List<Network> trusted;

    private ClientAddress(List<Network> trusted) {
        this.trusted = List.copyOf(trusted);
    }

    /** No proxy: the other end of the connection is the client. */
    public static ClientAddress direct() {
        return new ClientAddress(List.of());
    }

    /**
     * Reads {@code APP_TRUSTED_PROXY}: {@code true} for a proxy on this machine, {@code false} or nothing for none, or
     * addresses and networks, {@code 10.0.0.5,192.0.2.0/24}.
     *
     * @throws IllegalArgumentException naming an entry that is none, or that trusts everybody
     */
    public static ClientAddress behind(String setting) {
        String text = setting.trim();
        if (text.isEmpty() || text.equals("false")) {
            return direct();
        }
        if (text.equals("true")) {
            return new ClientAddress(List.of(Network.parse("127.0.0.0/8"), Network.parse("::1/128")));
        }
        var networks = new ArrayList<Network>();
        for (String entry : text.split(",")) {
            Network network = Network.parse(entry.trim());
            if (network.bits() == 0) {
                throw new IllegalArgumentException(entry.trim() + " would let every client choose its own address");
            }
            networks.add(network);
        }
        return new ClientAddress(networks);
    }

    /**
     * @param address where limits and logs see the request come from
     * @param forged  true when a header claimed another address and the claimant is nobody we trust
     */
    public record Origin(InetAddress address, boolean forged) {}

    /**
     * @param peer      the other end of the connection
     * @param forwarded the values of {@code X-Forwarded-For}, in the order they came
     */
    public Origin of(InetAddress peer, List<String> forwarded) {
        if (forwarded.isEmpty()) {
            return new Origin(peer, false);
        }
        if (!trusts(peer)) {
            return new Origin(peer, true);
        }
        InetAddress nearest = peer;
        String[] hops = String.join(",", forwarded).split(",", -1);
        for (int i = hops.length - 1, seen = 0; i >= 0 && seen < MAX_HOPS; i--, seen++) {
            Optional<InetAddress> hop = Network.address(hops[i].trim());
            if (hop.isEmpty()) {
                return new Origin(nearest, true);
            }
            nearest = hop.get();
            if (!trusts(nearest)) {
                return new Origin(nearest, false);
            }
        }
        return new Origin(nearest, false);
    }

    /** Whether the address is a proxy that the operator named. */
    public boolean trusts(InetAddress address) {
        for (Network network : trusted) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
