package gateway.twin.web;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Elements as bytes and back (dossier web-1 §3). */
final class StanzaCodec {
    private static final Pattern ADDRESS = Pattern.compile("([^@:]*)(?::(\\d+))?@([a-z.]+)");
    private static final Set<String> SERVERS = Set.of(
            "s.whatsapp.net", "lid", "g.us", "broadcast", "newsletter", "bot", "hosted", "hosted.lid", "call", "c.us");
    /** Attributes whose value is an address even when it is a server's name alone. */
    private static final Set<String> ADDRESSES =
            Set.of("from", "to", "jid", "participant", "recipient", "lid", "target");

    private static final int MAX_INFLATED = 16 << 20;

    private StanzaCodec() {}

    static byte[] encode(Stanza stanza) {
        var out = new ByteArrayOutputStream();
        out.write(0);
        write(out, stanza);
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, Stanza stanza) {
        boolean content = stanza.bytes() != null || !stanza.children().isEmpty();
        list(out, 1 + 2 * stanza.attributes().size() + (content ? 1 : 0));
        text(out, stanza.tag());
        stanza.attributes().forEach((name, value) -> {
            text(out, name);
            value(out, name, value);
        });
        if (stanza.bytes() != null) {
            binary(out, stanza.bytes());
        } else if (content) {
            list(out, stanza.children().size());
            stanza.children().forEach(child -> write(out, child));
        }
    }

    private static void list(ByteArrayOutputStream out, int size) {
        if (size == 0) {
            out.write(0);
        } else if (size < 256) {
            out.write(248);
            out.write(size);
        } else {
            out.write(249);
            out.write(size >> 8);
            out.write(size);
        }
    }

    private static void value(ByteArrayOutputStream out, String name, String value) {
        if (ADDRESSES.contains(name) && SERVERS.contains(value)) {
            out.write(250);
            out.write(0);
            text(out, value);
            return;
        }
        var address = ADDRESS.matcher(value);
        if (!address.matches() || !SERVERS.contains(address.group(3))) {
            text(out, value);
            return;
        }
        int device = address.group(2) == null ? 0 : Integer.parseInt(address.group(2));
        int domain = switch (address.group(3)) {
            case "s.whatsapp.net" -> 0;
            case "lid" -> 1;
            case "hosted" -> 128;
            case "hosted.lid" -> 129;
            default -> -1;
        };
        if (device > 0 && domain >= 0) {
            out.write(247);
            out.write(domain);
            out.write(device);
            text(out, address.group(1));
            return;
        }
        out.write(250);
        if (address.group(1).isEmpty()) {
            out.write(0);
        } else {
            text(out, address.group(1));
        }
        text(out, address.group(3));
    }

    private static void text(ByteArrayOutputStream out, String text) {
        var code = Tokens.code(text);
        if (code != null) {
            out.writeBytes(code);
        } else {
            binary(out, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void binary(ByteArrayOutputStream out, byte[] bytes) {
        if (bytes.length < 256) {
            out.write(252);
            out.write(bytes.length);
        } else if (bytes.length < 1 << 20) {
            out.write(253);
            out.write(bytes.length >> 16 & 0x0F);
            out.write(bytes.length >> 8);
            out.write(bytes.length);
        } else {
            out.write(254);
            out.writeBytes(ByteBuffer.allocate(4).putInt(bytes.length).array());
        }
        out.writeBytes(bytes);
    }

    /** @throws IllegalArgumentException when the bytes are not one element */
    static Stanza decode(byte[] frame) {
        try {
            var in = ByteBuffer.wrap((frame[0] & 2) == 0 ? frame : inflate(frame));
            in.get();
            var stanza = new Reader(in).stanza();
            if (in.hasRemaining()) {
                throw new IllegalArgumentException(in.remaining() + " bytes follow the element");
            }
            return stanza;
        } catch (java.nio.BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("the element is cut off", e);
        }
    }

    private static byte[] inflate(byte[] frame) {
        var inflater = new Inflater();
        try {
            inflater.setInput(frame, 1, frame.length - 1);
            var out = new ByteArrayOutputStream();
            out.write(0);
            var buffer = new byte[8_192];
            while (!inflater.finished()) {
                int count = inflater.inflate(buffer);
                out.write(buffer, 0, count);
                if (count == 0 && inflater.needsInput() || out.size() > MAX_INFLATED) {
                    throw new IllegalArgumentException("the packed element is cut off or too large");
                }
            }
            return out.toByteArray();
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("the packed element is damaged", e);
        } finally {
            inflater.end();
        }
    }

    /** Reads one element after another from a buffer. */
    private record Reader(ByteBuffer in) {

        Stanza stanza() {
            int size = size(u8());
            var tag = text(u8());
            var attributes = new LinkedHashMap<String, String>();
            for (int i = 0; i < (size - 1) / 2; i++) {
                attributes.put(text(u8()), text(u8()));
            }
            if (size % 2 == 1) {
                return new Stanza(tag, attributes, List.of(), null);
            }
            int kind = u8();
            if (kind == 0 || kind == 248 || kind == 249) {
                int count = size(kind);
                var children = new ArrayList<Stanza>(Math.min(count, 1_000));
                for (int i = 0; i < count; i++) {
                    children.add(stanza());
                }
                return new Stanza(tag, attributes, children, null);
            }
            return new Stanza(
                    tag,
                    attributes,
                    List.of(),
                    kind >= 252 && kind <= 254 ? binary(kind) : text(kind).getBytes(StandardCharsets.UTF_8));
        }

        private int u8() {
            return in.get() & 0xFF;
        }

        private int size(int kind) {
            return switch (kind) {
                case 0 -> 0;
                case 248 -> u8();
                case 249 -> in.getShort() & 0xFFFF;
                default -> throw new IllegalArgumentException("a list begins with " + kind);
            };
        }

        private byte[] binary(int kind) {
            int length = switch (kind) {
                case 252 -> u8();
                case 253 -> (u8() & 0x0F) << 16 | u8() << 8 | u8();
                default -> in.getInt();
            };
            if (length < 0 || length > in.remaining()) {
                throw new IllegalArgumentException("the element is cut off");
            }
            var bytes = new byte[length];
            in.get(bytes);
            return bytes;
        }

        private String text(int kind) {
            return switch (kind) {
                case 0 -> "";
                case 236, 237, 238, 239 -> known(Tokens.pair(kind - 236, u8()));
                case 247 -> {
                    int domain = u8();
                    int device = u8();
                    yield text(u8()) + (device == 0 ? "" : ":" + device) + "@"
                            + switch (domain) {
                                case 0 -> "s.whatsapp.net";
                                case 1 -> "lid";
                                case 128 -> "hosted";
                                case 129 -> "hosted.lid";
                                default -> throw new IllegalArgumentException("an address has domain " + domain);
                            };
                }
                case 250 -> {
                    var user = text(u8());
                    var server = text(u8());
                    yield user.isEmpty() ? server : user + "@" + server;
                }
                case 251 -> packed("0123456789ABCDEF");
                case 252, 253, 254 -> new String(binary(kind), StandardCharsets.UTF_8);
                case 255 -> packed("0123456789-.____");
                default -> known(kind < 236 ? Tokens.single(kind) : null);
            };
        }

        private static String known(String token) {
            if (token == null) {
                throw new IllegalArgumentException("an unknown token");
            }
            return token;
        }

        private String packed(String alphabet) {
            int head = u8();
            var text = new StringBuilder();
            for (int i = 0; i < (head & 0x7F); i++) {
                int b = u8();
                text.append(alphabet.charAt(b >> 4)).append(alphabet.charAt(b & 15));
            }
            if (head >= 128) {
                text.setLength(text.length() - 1);
            }
            return text.toString();
        }
    }
}
