package gateway.engine.web.node;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/**
 * Reads one node out of a frame's plain text (web-1 §3.3). Memory is taken for what has arrived, never for what is
 * announced.
 */
public final class NodeDecoder {
    /** The largest node after inflation, in bytes. */
    public static final int MAX_INFLATED = 8 << 20;
    /** How deep nodes may stand in nodes. */
    public static final int MAX_DEPTH = 32;
    /**
     * How many nodes and attributes a frame may hold together: one for each KiB of heap, which is a fourth of it, and
     * 524,288 at most. The answer with all groups and their members is the largest.
     */
    public static final int MAX_PARTS =
            (int) Math.min(1 << 19, Runtime.getRuntime().maxMemory() >> 10);

    private static final int BYTE = 8;
    private static final int FILLER = 0xF;
    private static final int MAX_BINARY_20 = 0xFFFFF;
    private static final String NIBBLES = "0123456789-.";
    private static final String HEX = "0123456789ABCDEF";

    private final byte[] in;
    private int at;
    private int parts;

    private NodeDecoder(byte[] in, int from) {
        this.in = in;
        this.at = from;
    }

    /**
     * The node of a frame, flag byte first.
     *
     * @throws WireRefusal ({@code MALFORMED}) for bytes that are not one whole node, ({@code OVERSIZED}) beyond a limit
     */
    public static Node decode(byte[] frame) throws WireRefusal {
        if (frame.length == 0) {
            throw malformed("the frame is empty");
        }
        NodeDecoder decoder = (frame[0] & Tag.COMPRESSED) == 0
                ? new NodeDecoder(frame, 1)
                : new NodeDecoder(Inflation.inflate(frame, 1, MAX_INFLATED), 0);
        Node node = decoder.node(0, decoder.listSize(decoder.u8()));
        if (decoder.at != decoder.in.length) {
            throw malformed("bytes follow the node");
        }
        return node;
    }

    private Node node(int depth, int size) throws WireRefusal {
        if (size == 0) {
            throw malformed("a node is empty");
        }
        count(size);
        String tag = textOnly("tag");
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        for (int i = 0; i < (size - 1) / 2; i++) {
            String name = textOnly("attribute's name");
            if (attributes.put(name, attribute(u8())) != null) {
                throw malformed("an attribute stands twice");
            }
        }
        return new Node(tag, attributes, size % 2 == 0 ? content(depth) : NodeContent.NONE);
    }

    private NodeContent content(int depth) throws WireRefusal {
        int tag = u8();
        return switch (tag) {
            case Tag.LIST_EMPTY, Tag.LIST_8, Tag.LIST_16 -> children(depth + 1, listSize(tag));
            case Tag.BINARY_8, Tag.BINARY_20, Tag.BINARY_32 -> new NodeContent.Bytes(bytes(binaryLength(tag)));
            default -> new NodeContent.Words(attribute(tag).text());
        };
    }

    private NodeContent children(int depth, int size) throws WireRefusal {
        if (depth > MAX_DEPTH) {
            throw new WireRefusal(Reason.OVERSIZED, "nodes stand deeper than " + MAX_DEPTH);
        }
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            nodes.add(node(depth, listSize(u8())));
        }
        return new NodeContent.Children(nodes);
    }

    private void count(int size) throws WireRefusal {
        parts += (size + 1) / 2;
        if (parts > MAX_PARTS) {
            throw new WireRefusal(Reason.OVERSIZED, "a frame has more than " + MAX_PARTS + " nodes and attributes");
        }
    }

    private int listSize(int tag) throws WireRefusal {
        return switch (tag) {
            case Tag.LIST_EMPTY -> 0;
            case Tag.LIST_8 -> u8();
            case Tag.LIST_16 -> number(2);
            default -> throw malformed("a list is expected, not the tag " + tag);
        };
    }

    private String textOnly(String what) throws WireRefusal {
        if (attribute(u8()) instanceof Attribute.Text(String text) && !text.isEmpty()) {
            return text;
        }
        throw malformed("a " + what + " is not text");
    }

    private Attribute attribute(int tag) throws WireRefusal {
        return switch (tag) {
            case Tag.JID_PAIR -> jidPair();
            case Tag.AD_JID -> deviceJid();
            case Tag.FB_JID -> messengerJid();
            case Tag.INTEROP_JID -> interopJid();
            default -> new Attribute.Text(text(tag));
        };
    }

    private String text(int tag) throws WireRefusal {
        if (tag > Tag.LIST_EMPTY && tag < Tag.DICTIONARY_0) {
            return Tokens.get().single(tag);
        }
        if (tag >= Tag.DICTIONARY_0 && tag <= Tag.DICTIONARY_3) {
            return Tokens.get().of(tag - Tag.DICTIONARY_0, u8());
        }
        return switch (tag) {
            case Tag.LIST_EMPTY -> "";
            case Tag.BINARY_8, Tag.BINARY_20, Tag.BINARY_32 ->
                new String(bytes(binaryLength(tag)), StandardCharsets.UTF_8);
            case Tag.NIBBLE_8 -> packed(NIBBLES);
            case Tag.HEX_8 -> packed(HEX);
            default -> throw malformed("the tag " + tag + " is not text");
        };
    }

    private String packed(String characters) throws WireRefusal {
        int start = u8();
        boolean odd = (start & 0x80) != 0;
        byte[] packed = bytes(start & 0x7F);
        if (odd && packed.length == 0) {
            throw malformed("packed text has half a byte too few");
        }
        StringBuilder text = new StringBuilder(2 * packed.length);
        for (int i = 0; i < 2 * packed.length; i++) {
            int nibble = i % 2 == 0 ? packed[i / 2] >> 4 & 0xF : packed[i / 2] & 0xF;
            boolean filler = odd && i == 2 * packed.length - 1;
            if (nibble >= characters.length() && !(filler && nibble == FILLER)) {
                throw malformed("packed text holds the nibble " + nibble);
            }
            if (!filler) {
                text.append(characters.charAt(nibble));
            }
        }
        return text.toString();
    }

    private DeviceJid jidPair() throws WireRefusal {
        String user = text(u8());
        return jid(user, 0, 0, text(u8()));
    }

    /** An unknown domain is read as a number's: the wire says nothing else about it. */
    private DeviceJid deviceJid() throws WireRefusal {
        String server = switch (u8()) {
            case 1 -> DeviceJid.LID;
            case 128 -> DeviceJid.HOSTED;
            case 129 -> DeviceJid.HOSTED_LID;
            default -> DeviceJid.PHONE;
        };
        int device = u8();
        return named(jid(text(u8()), device, 0, server));
    }

    private DeviceJid messengerJid() throws WireRefusal {
        String user = text(u8());
        int device = number(2);
        return named(jid(user, device, 0, onServer(DeviceJid.MESSENGER)));
    }

    private DeviceJid interopJid() throws WireRefusal {
        String user = text(u8());
        int device = number(2);
        int integrator = number(2);
        return named(jid(user, device, integrator, onServer(DeviceJid.INTEROP)));
    }

    private String onServer(String expected) throws WireRefusal {
        if (!text(u8()).equals(expected)) {
            throw malformed("an address of " + expected + " has another server");
        }
        return expected;
    }

    private static DeviceJid named(DeviceJid jid) throws WireRefusal {
        if (jid.user().isEmpty()) {
            throw malformed("an address with a device has no user");
        }
        return jid;
    }

    private static DeviceJid jid(String user, int device, int integrator, String server) throws WireRefusal {
        try {
            return new DeviceJid(user, 0, device, integrator, server);
        } catch (IllegalArgumentException _) {
            throw malformed("an address has no server or an @ too many");
        }
    }

    private int binaryLength(int tag) throws WireRefusal {
        return switch (tag) {
            case Tag.BINARY_8 -> u8();
            case Tag.BINARY_20 -> number(3) & MAX_BINARY_20;
            default -> number(4);
        };
    }

    private int u8() throws WireRefusal {
        if (at >= in.length) {
            throw malformed("the frame ends early");
        }
        return in[at++] & 0xFF;
    }

    private int number(int bytes) throws WireRefusal {
        int value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << BYTE | u8();
        }
        return value;
    }

    private byte[] bytes(int length) throws WireRefusal {
        if (length < 0 || length > in.length - at) {
            throw malformed("the frame ends early");
        }
        at += length;
        return Arrays.copyOfRange(in, at - length, at);
    }

    private static WireRefusal malformed(String what) {
        return new WireRefusal(Reason.MALFORMED, what);
    }
}
