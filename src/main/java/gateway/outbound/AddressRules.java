package gateway.outbound;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

import gateway.config.Cidr;

/**
 * Which addresses the gateway may connect to. What is not global unicast is denied; the operator may allow blocks of
 * it by name, for receivers on the premises.
 *
 * @param allowHttp whether plain http may be used at all
 * @param allowed blocks that are allowed although they are not public
 * @param settings what the names of the settings that allow more begin with; stands in refusals
 */
public record AddressRules(boolean allowHttp, List<Cidr> allowed, String settings) {
    private static final String WEBHOOKS = "WHATSAPP_WEBHOOK";
    private static final String DOWNLOADS = "WHATSAPP_DOWNLOAD";
    private static final String PROXIES = "WHATSAPP_PROXY";

    /**
     * Where no receiver can be: no allow-list opens these. Metadata services hand out a cloud machine's credentials.
     */
    private static final List<Cidr> NEVER = blocks(
            "0.0.0.0/8", // this host, RFC 1122
            "169.254.169.254/32", // metadata: AWS, Azure, Google, DigitalOcean, Oracle
            "169.254.170.2/32", // metadata: AWS containers
            "100.100.100.200/32", // metadata: Alibaba
            "192.0.0.192/32", // metadata: Oracle
            "168.63.129.16/32", // Azure's wire server
            "224.0.0.0/4", // multicast
            "255.255.255.255/32", // broadcast
            "::/128",
            "fd00:ec2::254/128", // metadata: AWS over IPv6
            "fd20:ce::254/128", // metadata: Google over IPv6
            "ff00::/8"); // multicast

    /** IANA special-purpose registries for IPv4 and IPv6: not globally reachable, or a tunnel to such an address. */
    private static final List<Cidr> SPECIAL = blocks(
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16", // private, RFC 1918
            "100.64.0.0/10", // carrier-grade NAT, RFC 6598
            "127.0.0.0/8", // loopback
            "169.254.0.0/16", // link-local
            "192.0.0.0/24", // protocol assignments
            "192.0.2.0/24",
            "198.51.100.0/24",
            "203.0.113.0/24", // documentation
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.175.48.0/24", // AS112, AMT
            "192.88.99.0/24", // 6to4 relays
            "198.18.0.0/15", // benchmarking
            "240.0.0.0/4", // class E
            "2001::/23", // protocol assignments, Teredo, ORCHID, benchmarking
            "2001:db8::/32",
            "3fff::/20", // documentation
            "2002::/16", // 6to4
            "3ffe::/16", // 6bone, given back (RFC 3701)
            "2620:4f:8000::/48"); // AS112

    /** All of IPv6 that is global unicast. ULA, link-local, mapped, NAT64, SRv6 and discard-only lie outside. */
    private static final Cidr GLOBAL_V6 = Cidr.parse("2000::/3");

    public AddressRules {
        allowed = List.copyOf(allowed);
    }

    /** The rules for webhooks. */
    public AddressRules(boolean allowHttp, List<Cidr> allowed) {
        this(allowHttp, allowed, WEBHOOKS);
    }

    /** The rules for files that a client of the API names by a URL. */
    public static AddressRules downloads(boolean allowHttp, List<Cidr> allowed) {
        return new AddressRules(allowHttp, allowed, DOWNLOADS);
    }

    /** The rules for proxies that a client of the API gives an account; a proxy is always spoken to by http. */
    public static AddressRules proxies(List<Cidr> allowed) {
        return new AddressRules(true, allowed, PROXIES);
    }

    /** https only, public addresses only. */
    public static AddressRules strict() {
        return new AddressRules(false, List.of());
    }

    /** Whether a connection to the address may be made. */
    public boolean permits(InetAddress address) {
        var carried = TransitionForm.carried(address);
        if (in(NEVER, address) || carried.stream().anyMatch(inner -> in(NEVER, inner))) {
            return false;
        }
        if (in(allowed, address)) {
            return true;
        }
        return carried.isEmpty()
                && !in(SPECIAL, address)
                && (address.getAddress().length == 4 || GLOBAL_V6.contains(address));
    }

    private static boolean in(List<Cidr> blocks, InetAddress address) {
        for (var block : blocks) {
            if (block.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static List<Cidr> blocks(String... blocks) {
        return Stream.of(blocks).map(Cidr::parse).toList();
    }
}
