package gateway.outbound;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import gateway.config.Cidr;

/**
 * The ways in which an IPv6 address carries an IPv4 one. A router or the kernel may take the carried address for the
 * real destination, so such an address is never public by itself. A translator whose prefix the operator's own network
 * chose (RFC 6052 §2.2, 6rd) cannot be told from any other public address. Java gives the IPv4-mapped form as an IPv4
 * address.
 *
 * @param block where the form lies; empty for one that any prefix may have
 * @param at    the first of the four octets, from 0
 * @param flip  whether the octets stand inverted
 */
record TransitionForm(List<Cidr> block, int at, boolean flip) {
    private static final List<TransitionForm> FORMS = List.of(
            form("::/96", 12), // IPv4-compatible, RFC 4291 §2.5.5.1
            form("::ffff:0:0:0/96", 12), // IPv4-translated, SIIT, RFC 2765
            form("64:ff9b::/96", 12), // NAT64, RFC 6052
            form("64:ff9b:1::/48", 12), // NAT64 of local use with a /96, RFC 8215
            form("2002::/16", 2), // 6to4, RFC 3056
            form("2001::/32", 4), // Teredo's server, RFC 4380
            new TransitionForm(List.of(Cidr.parse("2001::/32")), 12, true)); // Teredo's client
    /** ISATAP's interface identifier (RFC 5214 §6.1); the u and g bits may be set. */
    private static final int ISATAP = 0x00005efe;

    private static final int ISATAP_MASK = 0xfcffffff;

    private static TransitionForm form(String block, int at) {
        return new TransitionForm(List.of(Cidr.parse(block)), at, false);
    }

    /** The IPv4 addresses that the address carries; empty for one that carries none. */
    static List<InetAddress> carried(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return List.of();
        }
        var octets = address.getAddress();
        var found = new ArrayList<InetAddress>();
        for (var form : FORMS) {
            // Loopback is ::1 and carries nothing.
            if (form.block.getFirst().contains(address) && !address.isLoopbackAddress()) {
                found.addAll(form.read(octets));
            }
        }
        if ((word(octets, 8) & ISATAP_MASK) == ISATAP) {
            found.addAll(new TransitionForm(List.of(), 12, false).read(octets));
        }
        return found;
    }

    private List<InetAddress> read(byte[] octets) {
        var four = Arrays.copyOfRange(octets, at, at + 4);
        if (flip) {
            for (int i = 0; i < four.length; i++) {
                four[i] = (byte) ~four[i];
            }
        }
        try {
            return List.of(InetAddress.getByAddress(four));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Four octets are an address", e);
        }
    }

    private static int word(byte[] octets, int at) {
        return (octets[at] & 0xff) << 24
                | (octets[at + 1] & 0xff) << 16
                | (octets[at + 2] & 0xff) << 8
                | octets[at + 3] & 0xff;
    }
}
