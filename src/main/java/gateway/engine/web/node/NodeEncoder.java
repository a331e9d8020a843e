package gateway.engine.web.node;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes nodes as frames: a flag byte of 0 and the packed node, never compressed (web-1 §3.2). */
public final class NodeEncoder {
    private static final int MAX_PACKED = 127;
    private static final int BYTE = 8;
    private static final int BINARY_8_LIMIT = 1 << 8;
    private static final int BINARY_20_LIMIT = 1 << 20;
    private static final int LIST_LIMIT = 1 << 16;
    private static final int FILLER = 0xF;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

    private NodeEncoder() {}

    /**
     * The node as a frame's plain text.
     *
     * @throws IllegalArgumentException for what the wire has no form for: 65,536 children, a device above 255
     */
    public static byte[] encode(Node node) {
        NodeEncoder encoder = new NodeEncoder();
        encoder.out.write(0);
        encoder.node(node);
        return encoder.out.toByteArray();
    }

    private void node(Node node) {
        boolean holds = !(node.content() instanceof NodeContent.None);
        list(1 + 2 * node.attributes().size() + (holds ? 1 : 0));
        text(node.tag());
        for (Map.Entry<String, Attribute> attribute : node.attributes().entrySet()) {
            text(attribute.getKey());
            switch (attribute.getValue()) {
                case Attribute.Text(String value) -> text(value);
                case DeviceJid jid -> jid(jid);
            }
        }
        switch (node.content()) {
            case NodeContent.None _ -> {}
            case NodeContent.Bytes(byte[] bytes) -> binary(bytes);
            case NodeContent.Words(String text) -> text(text);
            case NodeContent.Children(List<Node> nodes) -> {
                list(nodes.size());
                nodes.forEach(this::node);
            }
        }
    }

    private void list(int size) {
        if (size == 0) {
            out.write(Tag.LIST_EMPTY);
        } else if (size < BINARY_8_LIMIT) {
            out.write(Tag.LIST_8);
            out.write(size);
        } else if (size < LIST_LIMIT) {
            out.write(Tag.LIST_16);
            number(size, 2);
        } else {
            throw new IllegalArgumentException("a list holds at most 65,535 parts");
        }
    }

    private void text(String text) {
        Optional<Integer> token =
                text.isEmpty() ? Optional.empty() : Tokens.get().code(text);
        if (token.isPresent()) {
            int code = token.get();
            if (code >= BINARY_8_LIMIT) {
                out.write(Tag.DICTIONARY_0 + (code >> BYTE) - 1);
            }
            out.write(code);
        } else if (isPackable(text, NodeEncoder::nibble)) {
            packed(Tag.NIBBLE_8, text, NodeEncoder::nibble);
        } else if (isPackable(text, NodeEncoder::hex)) {
            packed(Tag.HEX_8, text, NodeEncoder::hex);
        } else {
            binary(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void jid(DeviceJid jid) {
        boolean hosted = jid.server().equals(DeviceJid.HOSTED) || jid.server().equals(DeviceJid.HOSTED_LID);
        boolean person =
                hosted || jid.server().equals(DeviceJid.PHONE) || jid.server().equals(DeviceJid.LID);
        if (jid.server().equals(DeviceJid.MESSENGER)) {
            out.write(Tag.FB_JID);
            text(jid.user());
            number(jid.device(), 2);
            text(jid.server());
        } else if (jid.server().equals(DeviceJid.INTEROP)) {
            out.write(Tag.INTEROP_JID);
            text(jid.user());
            number(jid.device(), 2);
            number(jid.integrator(), 2);
            text(jid.server());
        } else if (hosted || person && jid.device() > 0) {
            if (jid.device() >= BINARY_8_LIMIT) {
                throw new IllegalArgumentException("a device's number is at most 255 here");
            }
            out.write(Tag.AD_JID);
            out.write(jid.domain());
            out.write(jid.device());
            text(jid.user());
        } else {
            out.write(Tag.JID_PAIR);
            if (jid.user().isEmpty()) {
                out.write(Tag.LIST_EMPTY);
            } else {
                text(jid.user());
            }
            text(jid.server());
        }
    }

    private void binary(byte[] bytes) {
        if (bytes.length < BINARY_8_LIMIT) {
            out.write(Tag.BINARY_8);
            out.write(bytes.length);
        } else if (bytes.length < BINARY_20_LIMIT) {
            out.write(Tag.BINARY_20);
            number(bytes.length, 3);
        } else {
            out.write(Tag.BINARY_32);
            number(bytes.length, 4);
        }
        out.writeBytes(bytes);
    }

    private void number(int value, int bytes) {
        for (int shift = BYTE * (bytes - 1); shift >= 0; shift -= BYTE) {
            out.write(value >>> shift);
        }
    }

    private static boolean isPackable(String text, Nibbles nibbles) {
        if (text.isEmpty() || text.length() > MAX_PACKED) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (nibbles.of(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    private void packed(int tag, String text, Nibbles nibbles) {
        int length = text.length();
        out.write(tag);
        out.write((length + 1) / 2 | (length % 2 == 0 ? 0 : 0x80));
        for (int i = 0; i < length; i += 2) {
            int low = i + 1 < length ? nibbles.of(text.charAt(i + 1)) : FILLER;
            out.write(nibbles.of(text.charAt(i)) << 4 | low);
        }
    }

    private static int nibble(char c) {
        return c >= '0' && c <= '9' ? c - '0' : c == '-' ? 0xA : c == '.' ? 0xB : -1;
    }

    private static int hex(char c) {
        return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 0xA : -1;
    }

    /** Four bits for a character, or a negative number. */
    private interface Nibbles {
        int of(char c);
    }
}
