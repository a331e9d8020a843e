package gateway.engine.web.node;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/**
 * An element of the protocol's binary XML. Immutable: {@code with…} and {@code holding…} give a new node. The order of
 * attributes is kept, and means nothing.
 */
public record Node(String tag, Map<String, Attribute> attributes, NodeContent content) {
    public Node {
        if (tag.isEmpty()) {
            throw new IllegalArgumentException("a node has a tag");
        }
        attributes = attributes.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }

    public static Node of(String tag) {
        return new Node(tag, Map.of(), NodeContent.NONE);
    }

    public Node with(String name, Attribute value) {
        Map<String, Attribute> more = new LinkedHashMap<>(attributes);
        more.put(name, value);
        return new Node(tag, more, content);
    }

    public Node with(String name, String value) {
        return with(name, new Attribute.Text(value));
    }

    public Node with(String name, long value) {
        return with(name, Long.toString(value));
    }

    /** The node with the attribute when there is a value, the node itself when there is none. */
    public Node withOptional(String name, Optional<? extends Attribute> value) {
        return value.map(present -> with(name, present)).orElse(this);
    }

    public Node holding(Node... children) {
        return holding(List.of(children));
    }

    public Node holding(List<Node> children) {
        return new Node(tag, attributes, new NodeContent.Children(children));
    }

    public Node holding(byte[] bytes) {
        return new Node(tag, attributes, new NodeContent.Bytes(bytes));
    }

    /** The node with text as its content, written as a token or packed where that is possible. */
    public Node holding(String text) {
        return new Node(tag, attributes, new NodeContent.Words(text));
    }

    public boolean is(String name) {
        return tag.equals(name);
    }

    /** Whether the attribute is there and says so. */
    public boolean has(String name, String value) {
        Attribute attribute = attributes.get(name);
        return attribute != null && attribute.text().equals(value);
    }

    /** The attribute's text; an empty one counts as absent. */
    public Optional<String> attribute(String name) {
        return Optional.ofNullable(attributes.get(name)).map(Attribute::text).filter(text -> !text.isEmpty());
    }

    /** @throws WireRefusal ({@code MALFORMED}) when the attribute is absent or empty */
    public String required(String name) throws WireRefusal {
        Optional<String> text = attribute(name);
        return text.orElseThrow(() -> new WireRefusal(Reason.MALFORMED, "<" + tag + "> lacks " + name));
    }

    /** @throws WireRefusal ({@code MALFORMED}) when the attribute is there and is not an address */
    public Optional<DeviceJid> jid(String name) throws WireRefusal {
        Attribute value = attributes.get(name);
        if (value == null || value.text().isEmpty()) {
            return Optional.empty();
        }
        if (value instanceof DeviceJid jid) {
            return Optional.of(jid);
        }
        try {
            return Optional.of(DeviceJid.parse(value.text()));
        } catch (IllegalArgumentException _) {
            throw new WireRefusal(Reason.MALFORMED, "<" + tag + "> has no address in " + name);
        }
    }

    /** @throws WireRefusal ({@code MALFORMED}) when the attribute is absent or not an address */
    public DeviceJid requiredJid(String name) throws WireRefusal {
        Optional<DeviceJid> jid = jid(name);
        return jid.orElseThrow(() -> new WireRefusal(Reason.MALFORMED, "<" + tag + "> lacks " + name));
    }

    /** @throws WireRefusal ({@code MALFORMED}) when the attribute is there and is not a decimal number */
    public Optional<Long> number(String name) throws WireRefusal {
        Optional<String> text = attribute(name);
        try {
            return text.map(Long::parseLong);
        } catch (NumberFormatException _) {
            throw new WireRefusal(Reason.MALFORMED, "<" + tag + "> has no number in " + name);
        }
    }

    /** The nodes inside; none when the content is something else. */
    public List<Node> children() {
        return content instanceof NodeContent.Children(List<Node> nodes) ? nodes : List.of();
    }

    public List<Node> children(String name) {
        return children().stream().filter(child -> child.is(name)).toList();
    }

    /** The first child of that tag. */
    public Optional<Node> child(String name) {
        for (Node child : children()) {
            if (child.is(name)) {
                return Optional.of(child);
            }
        }
        return Optional.empty();
    }

    /** @throws WireRefusal ({@code MALFORMED}) when no child has that tag */
    public Node requiredChild(String name) throws WireRefusal {
        return child(name).orElseThrow(() -> new WireRefusal(Reason.MALFORMED, "<" + tag + "> lacks <" + name + ">"));
    }

    /** The content as bytes, whichever form it was written in; empty for nodes and for none. Not to be written into. */
    public byte[] bytes() {
        return switch (content) {
            case NodeContent.Bytes(byte[] bytes) -> bytes;
            case NodeContent.Words(String text) -> text.getBytes(StandardCharsets.UTF_8);
            case NodeContent.None _, NodeContent.Children _ -> new byte[0];
        };
    }

    /** @throws WireRefusal ({@code MALFORMED}) when the content has another length */
    public byte[] bytes(int length) throws WireRefusal {
        byte[] bytes = bytes();
        if (bytes.length != length) {
            throw new WireRefusal(Reason.MALFORMED, "<" + tag + "> has " + bytes.length + " bytes, not " + length);
        }
        return bytes;
    }

    /** The content as text, whichever form it was written in. */
    public String text() {
        return content instanceof NodeContent.Words(String text) ? text : new String(bytes(), StandardCharsets.UTF_8);
    }
}
