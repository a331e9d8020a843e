package gateway.check;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** TCP sockets that listen, from the tables of the kernel ({@code /proc/net/tcp}, proc(5)). */
final class Sockets {
    private static final String LISTEN = "0A";
    private static final int STATE = 3;

    private Sockets() {}

    /** An address and port that somebody listens on. */
    record Listening(InetAddress address, int port) {
        boolean isLoopback() {
            return address.isLoopbackAddress();
        }

        @Override
        public String toString() {
            var text = address.getHostAddress();
            return (text.contains(":") ? "[" + text + "]" : text) + ":" + port;
        }
    }

    /** @throws Unseen when the table of IPv4 is not there */
    static List<Listening> listening(Evidence evidence) {
        var table = Path.of("/proc/net/tcp");
        var found = new ArrayList<>(read(evidence.text(table).orElseThrow(() -> new Unseen(table + " is not there"))));
        found.addAll(read(evidence.text(Path.of("/proc/net/tcp6")).orElse("")));
        return found;
    }

    private static List<Listening> read(String table) {
        var found = new ArrayList<Listening>();
        for (var line : table.split("\n")) {
            var cells = line.strip().split("\\s+");
            if (cells.length > STATE && cells[STATE].equals(LISTEN)) {
                var local = cells[1].split(":");
                if (local.length != 2) {
                    throw new Unseen("the kernel's table of sockets is not understood");
                }
                found.add(new Listening(address(local[0]), Integer.parseInt(local[1], 16)));
            }
        }
        return found;
    }

    /** The table writes each 32 bits in the machine's own order, which is little-endian where this program runs. */
    private static InetAddress address(String text) {
        try {
            var bytes = HexFormat.of().parseHex(text);
            for (int i = 0; i + 3 < bytes.length; i += 4) {
                swap(bytes, i, i + 3);
                swap(bytes, i + 1, i + 2);
            }
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException | IllegalArgumentException e) {
            throw new Unseen("the kernel's table of sockets is not understood");
        }
    }

    private static void swap(byte[] bytes, int one, int other) {
        byte kept = bytes[one];
        bytes[one] = bytes[other];
        bytes[other] = kept;
    }
}
