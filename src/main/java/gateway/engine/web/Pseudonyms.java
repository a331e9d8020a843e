package gateway.engine.web;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

import gateway.digest.Sha256;
import gateway.engine.web.node.Attribute;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.node.NodeContent;

/**
 * Stanzas as text in which nothing tells of persons or keys. What is not known to be a word of the protocol is replaced
 * by a name with a digest under a salt of this object, so that equal values look equal and none can be found again.
 */
final class Pseudonyms {
    private static final int SALT_BYTES = 32;
    private static final int SHOWN_BYTES = 4;
    private static final int MAX_CHARACTERS = 4_000;
    private static final int MAX_DEPTH = 12;
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_:-]{0,39}");
    /** A word of the protocol, a code or a version; no phone number or key, which have five digits in a row or nine. */
    private static final Pattern WORD = Pattern.compile("(?!.*[0-9]{5})(?!(?:[^0-9]*[0-9]){9})[a-z0-9_.:-]{1,40}");

    private static final Pattern TIME = Pattern.compile("[0-9]{10,13}");
    /** The attributes whose values are words of the protocol, wherever they stand. */
    private static final Set<String> WORDS = Set.of(
            "type",
            "xmlns",
            "class",
            "code",
            "error",
            "reason",
            "v",
            "version",
            "mode",
            "context",
            "index",
            "last",
            "count",
            "value",
            "action",
            "offline",
            "edit",
            "mediatype",
            "category",
            "location",
            "state",
            "query_id",
            "max_buckets",
            "ttl",
            "auth_ttl",
            "passive",
            "addressing_mode",
            "push_priority",
            "decrypt-fail",
            "media",
            "has_more_patches",
            "return_snapshot",
            "message",
            "receipt",
            "notification",
            "appdata",
            "priority");

    private static final Set<String> TIMES = Set.of("t", "timestamp", "expire", "expiration", "ts");
    private static final Set<String> SERVERS =
            Set.of("s.whatsapp.net", "lid", "g.us", "broadcast", "newsletter", "hosted", "hosted.lid", "bot", "call");

    private final byte[] salt = new byte[SALT_BYTES];

    Pseudonyms(RandomGenerator random) {
        random.nextBytes(salt);
    }

    /** The stanza as XML with pseudonyms. */
    String text(Node stanza) {
        StringBuilder text = new StringBuilder();
        write(stanza, 0, text);
        return text.length() <= MAX_CHARACTERS
                ? text.toString()
                : text.substring(0, MAX_CHARACTERS) + "… (" + text.length() + " characters)";
    }

    private void write(Node node, int depth, StringBuilder text) {
        String tag = name(node.tag());
        text.append('<').append(tag);
        node.attributes()
                .forEach((name, value) -> text.append(' ')
                        .append(name(name))
                        .append("=\"")
                        .append(value(name, value))
                        .append('"'));
        String inside = inside(node, depth);
        text.append(inside.isEmpty() ? "/>" : ">" + inside + "</" + tag + ">");
    }

    private String inside(Node node, int depth) {
        return switch (node.content()) {
            case NodeContent.Children children -> {
                if (depth == MAX_DEPTH) {
                    yield children.nodes().size() + " more";
                }
                StringBuilder text = new StringBuilder();
                for (Node child : children.nodes()) {
                    if (text.length() > MAX_CHARACTERS) {
                        break;
                    }
                    write(child, depth + 1, text);
                }
                yield text.toString();
            }
            case NodeContent.Bytes bytes -> "bytes-" + digest("bytes", node.bytes()) + "(" + node.bytes().length + ")";
            default -> node.bytes().length == 0 ? "" : hidden("text", new String(node.bytes(), StandardCharsets.UTF_8));
        };
    }

    private String value(String name, Attribute value) {
        String text = value.text();
        if (value instanceof DeviceJid || text.contains("@") || SERVERS.contains(text)) {
            return address(text);
        }
        if (text.isEmpty()
                || WORDS.contains(name) && WORD.matcher(text).matches()
                || TIMES.contains(name) && TIME.matcher(text).matches()) {
            return text;
        }
        return hidden(name.equals("id") ? "id" : "value", text);
    }

    /** An address with its server and its device; the person or group in it is hidden. */
    private String address(String text) {
        int at = text.lastIndexOf('@');
        String server = text.substring(at + 1);
        if (!SERVERS.contains(server)) {
            return hidden("address", text);
        }
        if (at <= 0) {
            return text;
        }
        String user = text.substring(0, at);
        int colon = user.indexOf(':');
        String device = colon < 0 ? "" : user.substring(colon);
        String kind = switch (server) {
            case "g.us" -> "group";
            case "lid", "hosted.lid" -> "lid";
            case "s.whatsapp.net", "hosted" -> "number";
            default -> "user";
        };
        return kind + "-" + digest(kind, bytes(colon < 0 ? user : user.substring(0, colon)))
                + (device.matches(":[0-9]{1,3}") ? device : "") + "@" + server;
    }

    private String name(String name) {
        return NAME.matcher(name).matches() && WORD.matcher(name).matches() ? name : hidden("name", name);
    }

    private String hidden(String kind, String text) {
        return kind + "-" + digest(kind, bytes(text)) + "(" + text.length() + ")";
    }

    private String digest(String kind, byte[] value) {
        byte[] hash = Sha256.of(salt, bytes(kind), new byte[1], value);
        return HexFormat.of().formatHex(hash, 0, SHOWN_BYTES);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
