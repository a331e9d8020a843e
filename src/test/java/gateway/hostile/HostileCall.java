package gateway.hostile;

import java.nio.charset.StandardCharsets;

/**
 * One request as bytes.
 *
 * @param whole whether its head is complete and its body as long as its head says, so that a reply must come
 */
record HostileCall(long seed, String kind, Route route, Caller caller, byte[] bytes, boolean whole) {
    HostileCall with(byte[] other) {
        return new HostileCall(seed, kind, route, caller, other, whole);
    }

    @Override
    public String toString() {
        return kind + " of " + caller + " at " + route.method() + " " + route.path() + ", seed " + seed + ":\n"
                + escaped(bytes);
    }

    /** Bytes as the shell's {@code printf} and a Java text take them. */
    static String escaped(byte[] bytes) {
        var out = new StringBuilder();
        for (var b : bytes) {
            switch (b) {
                case '\r' -> out.append("\\r");
                case '\n' -> out.append("\\n");
                case '\\' -> out.append("\\\\");
                default ->
                    out.append(b >= 0x20 && b < 0x7f ? String.valueOf((char) b) : String.format("\\%03o", b & 0xFF));
            }
        }
        return out.length() > 20_000 ? out.substring(0, 20_000) + "… " + bytes.length + " bytes" : out.toString();
    }

    static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
