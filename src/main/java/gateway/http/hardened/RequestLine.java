package gateway.http.hardened;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A request's first line, and the one that is handed on in its place. Helidon knows neither HTTP/1.0 nor how HEAD
 * follows from GET, and a slash at the end of a path names another place to it. So HEAD is handed on as GET, whose
 * reply {@link ReplyWriter} cuts behind its head, HTTP/1.0 as 1.1, a path without the slash at its end, and a whole
 * address as its path (RFC 9112 §3.2.2). All that comes after, the gate first, sees one spelling.
 *
 * @param asHelidonTakesIt the line handed on
 * @param head whether the method is HEAD
 * @param slashed whether the path had a slash at its end
 * @param authority the host that a whole address names, which counts in the place of Host; empty for a path alone
 * @param old whether the client speaks HTTP/1.0: the connection is closed after the reply, which has no chunks
 */
record RequestLine(byte[] asHelidonTakesIt, boolean head, boolean slashed, String authority, boolean old) {
    static final RequestLine NONE = new RequestLine(new byte[0], false, false, "", false);

    private static final byte[] HEAD = "HEAD ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GET = "GET ".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern WHOLE = Pattern.compile(
            "([A-Z]+ )https?://([A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?|\\[[0-9A-Fa-f:.]{2,45}](?::[0-9]{1,5})?)([/?][^ ]*)?( .*)",
            Pattern.CASE_INSENSITIVE);
    private static final byte[] OLD = " HTTP/1.0".getBytes(StandardCharsets.US_ASCII);

    /** Nearly every line is handed on as it is, without a copy. */
    static RequestLine of(byte[] line) {
        if (isWhole(line)) {
            var whole = WHOLE.matcher(new String(line, StandardCharsets.ISO_8859_1));
            if (whole.matches()) {
                var path = whole.group(3) == null ? "/" : whole.group(3);
                path = path.startsWith("/") ? path : "/" + path;
                var rest = of((whole.group(1) + path + whole.group(4)).getBytes(StandardCharsets.ISO_8859_1));
                return new RequestLine(rest.asHelidonTakesIt, rest.head, rest.slashed, whole.group(2), rest.old);
            }
        }
        boolean head = startsWith(line, HEAD);
        boolean old = endsWith(line, OLD);
        byte[] handed = line;
        if (old) {
            handed[handed.length - 1] = '1';
        }
        if (head) {
            handed = new byte[line.length - HEAD.length + GET.length];
            System.arraycopy(GET, 0, handed, 0, GET.length);
            System.arraycopy(line, HEAD.length, handed, GET.length, line.length - HEAD.length);
        }
        int slash = slashAtTheEnd(handed);
        if (slash > 0) {
            System.arraycopy(handed, slash + 1, handed, slash, handed.length - slash - 1);
            handed = Arrays.copyOf(handed, handed.length - 1);
        }
        return new RequestLine(handed, head, slash > 0, "", old);
    }

    /** Where the path's last slash is, when the path ends with it and is more than that; 0 when it does not. */
    private static int slashAtTheEnd(byte[] line) {
        int begin = 0;
        while (begin < line.length && line[begin] != ' ') {
            begin++;
        }
        int end = begin + 1;
        while (end < line.length && line[end] != ' ' && line[end] != '?') {
            end++;
        }
        boolean ends = end - 1 > begin + 1 && line[end - 1] == '/' && line[end - 2] != '/' && line[begin + 1] == '/';
        return ends ? end - 1 : 0;
    }

    /** Whether the address of the line may be a whole one: its first character is an h. */
    private static boolean isWhole(byte[] line) {
        int begin = 0;
        while (begin < line.length && line[begin] != ' ') {
            begin++;
        }
        return begin + 1 < line.length && (line[begin + 1] | 0x20) == 'h';
    }

    private static boolean startsWith(byte[] line, byte[] start) {
        return line.length > start.length && Arrays.equals(line, 0, start.length, start, 0, start.length);
    }

    private static boolean endsWith(byte[] line, byte[] end) {
        return line.length > end.length
                && Arrays.equals(line, line.length - end.length, line.length, end, 0, end.length);
    }
}
