package gateway.auth;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A range of addresses. An IPv4 address written inside IPv6 is the IPv4 address.
 *
 * @param base first address, in network order
 * @param bits that all addresses of the range share
 */
public record Network(byte[] base, int bits) {
    /**
     * Only literals, so that nothing here can ask a name server; four plain numbers, as octal ones are read in two
     * ways.
     */
    private static final Pattern IPV4 = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");

    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:]{2,39}(\\d{1,3}(\\.\\d{1,3}){3})?");
    /** One customer's share of IPv6 (RFC 6177): an attacker has all of it, so limits count it as one. */
    private static final int IPV6_SITE_BITS = 64;

    public Network {
        base = masked(base.clone(), bits);
    }

    /**
     * Reads {@code 192.0.2.0/24}, {@code 2001:db8::/32} or a single address.
     *
     * @throws IllegalArgumentException naming the text
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        byte[] base = address(slash < 0 ? text : text.substring(0, slash))
                .orElseThrow(() ->
                        new IllegalArgumentException(text + " is neither an address nor a network like 192.0.2.0/24"))
                .getAddress();
        int bits = base.length * 8;
        if (slash >= 0) {
            String digits = text.substring(slash + 1);
            if (!digits.matches("\\d{1,3}") || Integer.parseInt(digits) > bits) {
                throw new IllegalArgumentException(text + " needs a prefix length of 0 to " + bits);
            }
            bits = Integer.parseInt(digits);
        }
        return new Network(base, bits);
    }

    /** The address that a literal names; empty for anything else, a host name included. */
    static Optional<InetAddress> address(String text) {
        String literal = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        if (!IPV4.matcher(literal).matches()
                && !(literal.contains(":") && IPV6.matcher(literal).matches())) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(literal));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** What limits and backoff count together: an IPv4 address, or the /64 of an IPv6 address. */
    public static Network site(InetAddress address) {
        byte[] bytes = address.getAddress();
        return new Network(bytes, address instanceof Inet6Address ? IPV6_SITE_BITS : bytes.length * 8);
    }

    public boolean contains(InetAddress address) {
        byte[] other = address.getAddress();
        return other.length == base.length && Arrays.equals(masked(other, bits), base);
    }

    private static byte[] masked(byte[] address, int bits) {
        for (int i = 0; i < address.length; i++) {
            int kept = Math.clamp(bits - i * 8L, 0, 8);
            address[i] &= (byte) (0xff << (8 - kept));
        }
        return address;
    }

    /** The first address, as bytes. */
    @Override
    public byte[] base() {
        return base.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Network network && bits == network.bits && Arrays.equals(base, network.base);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(base) * 31 + bits;
    }

    /** {@code 192.0.2.7/32}; IPv6 in full, so that equal networks read alike. */
    @Override
    public String toString() {
        try {
            return InetAddress.getByAddress(base).getHostAddress() + "/" + bits;
        } catch (UnknownHostException e) {
            return HexFormat.of().formatHex(base) + "/" + bits;
        }
    }
}
