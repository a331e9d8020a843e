package gateway.hostile;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The first reply on a connection, as it came.
 *
 * @param status 0 when the connection ended without a byte, -1 when nothing came in time, -2 when what came is not HTTP
 * @param headers by lower-case name; the last of a name counts
 */
public record RawReply(int status, Map<String, String> headers, byte[] body, byte[] raw) {
    public static final int CLOSED = 0;
    public static final int SILENT = -1;
    public static final int NOT_HTTP = -2;

    static RawReply silent() {
        return new RawReply(SILENT, Map.of(), new byte[0], new byte[0]);
    }

    /** Reads everything a connection gave until it ended. */
    static RawReply of(byte[] raw) {
        if (raw.length == 0) {
            return new RawReply(CLOSED, Map.of(), raw, raw);
        }
        var text = new String(raw, StandardCharsets.ISO_8859_1);
        int start = text.startsWith("HTTP/1.1 100") ? text.indexOf("\r\n\r\n") + 4 : 0;
        int end = text.indexOf("\r\n\r\n", start);
        if (!text.startsWith("HTTP/1.", start) || end < 0 || text.length() < start + 12) {
            return new RawReply(NOT_HTTP, Map.of(), raw, raw);
        }
        var lines = text.substring(start, end).split("\r\n");
        var headers = new LinkedHashMap<String, String>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.put(
                    lines[i].substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip());
        }
        int from = end + 4;
        int to = headers.containsKey("content-length")
                ? Math.min(raw.length, from + Integer.parseInt(headers.get("content-length")))
                : raw.length;
        return new RawReply(
                Integer.parseInt(text.substring(start + 9, start + 12)),
                headers,
                Arrays.copyOfRange(raw, from, to),
                raw);
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
