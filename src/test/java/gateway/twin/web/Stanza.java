package gateway.twin.web;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An element of the protocol: a tag, attributes, and as content either child elements, bytes, or nothing. Addresses
 * stand in attributes as text: {@code user:device@server}, or the server's name alone.
 *
 * @param bytes {@code null} when the content is not bytes
 */
record Stanza(String tag, Map<String, String> attributes, List<Stanza> children, byte[] bytes) {

    /** @param attributes names and values in turn; a pair whose value is {@code null} is left out */
    static Stanza of(String tag, String... attributes) {
        var map = new LinkedHashMap<String, String>();
        for (int i = 0; i < attributes.length; i += 2) {
            if (attributes[i + 1] != null) {
                map.put(attributes[i], attributes[i + 1]);
            }
        }
        return new Stanza(tag, map, List.of(), null);
    }

    /** The same element with these children behind those it has. */
    Stanza with(Stanza... more) {
        return with(List.of(more));
    }

    Stanza with(List<Stanza> more) {
        var all = new ArrayList<>(children);
        all.addAll(more);
        return new Stanza(tag, attributes, all, null);
    }

    /** The same element with bytes as its content. */
    Stanza with(byte[] content) {
        return new Stanza(tag, attributes, List.of(), content);
    }

    /** The attribute, or the empty text. */
    String get(String name) {
        return attributes.getOrDefault(name, "");
    }

    boolean is(String expectedTag, String attribute, String value) {
        return tag.equals(expectedTag) && get(attribute).equals(value);
    }

    Optional<Stanza> child(String name) {
        return children.stream().filter(child -> child.tag.equals(name)).findFirst();
    }

    /** The bytes of the child of that name, or of the child's text. */
    byte[] childBytes(String name) {
        return child(name)
                .map(Stanza::content)
                .orElseThrow(() -> new IllegalArgumentException("<" + tag + "> has no <" + name + ">"));
    }

    /** The content as bytes; empty when there is none. */
    byte[] content() {
        return bytes == null ? new byte[0] : bytes;
    }

    String text() {
        return new String(content(), StandardCharsets.UTF_8);
    }
}
