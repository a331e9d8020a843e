package gateway.config;

import java.net.InetAddress;
import java.util.Arrays;

/**
 * A range of addresses (RFC 4632, RFC 4291 §2.3), such as {@code 10.0.0.0/8} or {@code 2001:db8::/32}.
 *
 * @param network the range's first address
 * @param prefix  how many leading bits are fixed: 0–32 for IPv4, 0–128 for IPv6
 */
public record Cidr(InetAddress network, int prefix) {

    /**
     * Reads a range, or a single address as the range of that one. Never asks a name server.
     *
     * @throws IllegalArgumentException with a sentence, when it is neither or has bits set beyond its prefix
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address;
        try {
            var literal = slash < 0 ? text : text.substring(0, slash);
            // Java also reads 10.1 and 167772161, as old C libraries did: nobody means that in a setting.
            if (!literal.contains(":") && !literal.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")) {
                throw new IllegalArgumentException();
            }
            address = InetAddress.ofLiteral(literal);
        } catch (IllegalArgumentException notAnAddress) {
            throw new IllegalArgumentException("is not an address range such as 10.0.0.0/8 or 2001:db8::/32");
        }
        int bits = address.getAddress().length * 8;
        int prefix = bits;
        if (slash >= 0) {
            var digits = text.substring(slash + 1);
            if (!digits.matches("[0-9]{1,3}") || Integer.parseInt(digits) > bits) {
                throw new IllegalArgumentException("has a prefix length that is not a number from 0 to " + bits);
            }
            prefix = Integer.parseInt(digits);
        }
        var first = firstAddress(address, prefix);
        if (!first.equals(address)) {
            throw new IllegalArgumentException(
                    "has bits set beyond its prefix; the range is " + first.getHostAddress() + "/" + prefix);
        }
        return new Cidr(address, prefix);
    }

    /** Whether the address lies in this range; an address of the other family never does. */
    public boolean contains(InetAddress address) {
        return address.getAddress().length == network.getAddress().length
                && firstAddress(address, prefix).equals(network);
    }

    private static InetAddress firstAddress(InetAddress address, int prefix) {
        byte[] bytes = address.getAddress();
        int whole = prefix / 8;
        if (whole < bytes.length) {
            bytes[whole] &= (byte) (0xff << (8 - prefix % 8));
            Arrays.fill(bytes, whole + 1, bytes.length, (byte) 0);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (java.net.UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + prefix;
    }
}
