package gateway.engine.web.node;

import java.util.Arrays;
import java.util.List;

/** What stands inside a node. */
public sealed interface NodeContent {
    NodeContent NONE = new None();

    /** No content at all, which is not the same as an empty list. */
    record None() implements NodeContent {}

    /** Further nodes. */
    record Children(List<Node> nodes) implements NodeContent {
        public Children {
            nodes = List.copyOf(nodes);
        }
    }

    /** Text that was written as a token, as packed digits or as an address. */
    record Words(String text) implements NodeContent {}

    /** Bytes, which may be text as well. The array is shared, not copied; nobody writes into it. */
    record Bytes(byte[] bytes) implements NodeContent {
        @Override
        public boolean equals(Object other) {
            return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return bytes.length + " bytes";
        }
    }
}
