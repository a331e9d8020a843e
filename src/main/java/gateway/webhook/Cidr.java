package gateway.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** A block of addresses, {@code 10.0.0.0/8} or {@code fd00::/8}. A bare address is a block of one. */
public record Cidr(InetAddress network, int prefix) {
    /** Only what {@link InetAddress} reads without asking a name server. */
    private static final Pattern LITERAL = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

    /**
     * Reads a block.
     *
     * @throws IllegalArgumentException with a sentence, when it is none or has bits set behind the prefix
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        var literal = slash < 0 ? text : text.substring(0, slash);
        try {
            if (!LITERAL.matcher(literal).matches()) {
                throw new UnknownHostException();
            }
            var network = InetAddress.getByName(literal);
            int bits = network.getAddress().length * 8;
            int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
            if (prefix < 0 || prefix > bits) {
                throw new NumberFormatException();
            }
            var block = new Cidr(network, prefix);
            for (int i = prefix; i < bits; i++) {
                if (bit(network.getAddress(), i) != 0) {
                    throw new IllegalArgumentException("'" + text + "' has bits set behind its /" + prefix
                            + ". Write the network's first address, such as 10.0.0.0/8.");
                }
            }
            return block;
        } catch (UnknownHostException | NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is no address block. Write one such as 10.0.0.0/8 or fd00::/8.");
        }
    }

    /** Whether the address lies in the block. Blocks of one family never hold addresses of the other. */
    public boolean contains(InetAddress address) {
        var ours = network.getAddress();
        var theirs = address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        int whole = prefix / 8;
        for (int i = 0; i < whole; i++) {
            if (ours[i] != theirs[i]) {
                return false;
            }
        }
        for (int i = whole * 8; i < prefix; i++) {
            if (bit(ours, i) != bit(theirs, i)) {
                return false;
            }
        }
        return true;
    }

    private static int bit(byte[] address, int index) {
        return address[index / 8] >> (7 - index % 8) & 1;
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + prefix;
    }
}
