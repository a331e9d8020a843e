package gateway.audit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;

/**
 * One line of the log as it is on disk: a JSON object in ASCII, its last three members {@code e} (epoch), {@code prev}
 * and {@code h}. {@code h} is HMAC-SHA256 under the epoch's key over everything before {@code ,"h"}, so over
 * {@code prev} too.
 *
 * @param sealed what {@code h} is over
 */
record AuditLine(long seq, long epoch, String prev, String h, byte[] sealed) {
    private static final byte[] SEQ = "{\"seq\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EPOCH = ",\"e\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PREV = ",\"prev\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] H = "\",\"h\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\"}".getBytes(StandardCharsets.US_ASCII);
    /** An HMAC in hexadecimal. */
    private static final int SEAL = 64;

    private static final int MAX_DIGITS = 18;
    /** Eight groups, and perhaps the interface of a link-local address. */
    private static final Pattern IPV6 =
            Pattern.compile("([0-9a-f]{1,4}(?::[0-9a-f]{1,4}){3})(?::[0-9a-f]{1,4}){4}(?:%.*)?");

    /** The line's text, without its {@code h}. */
    static String unsealed(long seq, Instant time, String boot, AuditEntry entry, long epoch, String prev) {
        var line = new StringBuilder(400);
        line.append("{\"seq\":").append(seq);
        member(line, "ts", time.truncatedTo(ChronoUnit.MICROS).toString());
        member(line, "boot", boot);
        member(line, "event", entry.event().text());
        member(line, "actor", entry.actor());
        member(line, "src_ip", entry.address());
        site(entry.address()).ifPresent(network -> member(line, "src_net", network));
        member(line, "req_id", entry.requestId());
        member(line, "outcome", entry.outcome());
        line.append(",\"details\":{");
        boolean first = true;
        for (Map.Entry<String, String> detail : entry.details().entrySet()) {
            if (!first) {
                line.append(',');
            }
            first = false;
            string(line, detail.getKey());
            line.append(':');
            string(line, detail.getValue());
        }
        line.append('}');
        line.append(",\"e\":").append(epoch);
        member(line, "prev", prev);
        return line.toString();
    }

    /**
     * The network that failures of an IPv6 address are counted by, here and by a program that bans: its first half.
     * Empty for everything else. An address is in full, as the JDK writes it.
     */
    static Optional<String> site(String address) {
        Matcher found = IPV6.matcher(address);
        return found.matches() ? Optional.of(found.group(1) + "::/64") : Optional.empty();
    }

    /** The whole line with its line end. */
    static String seal(String unsealed, String h) {
        return unsealed + ",\"h\":\"" + h + "\"}\n";
    }

    static String h(Mac mac, byte[] sealed) {
        return HexFormat.of().formatHex(mac.doFinal(sealed));
    }

    /**
     * Reads the two ends of a line; what is between them is covered by its seal.
     *
     * @return empty when it is not a line that this program writes
     */
    static Optional<AuditLine> parse(byte[] text, int start, int end) {
        int h = end - END.length - SEAL;
        int prev = h - H.length - SEAL;
        int epochEnd = prev - PREV.length;
        int seq = start + SEQ.length;
        if (epochEnd <= seq) {
            return Optional.empty();
        }
        int seqEnd = digits(text, seq, epochEnd, 1);
        int epoch = digits(text, epochEnd - 1, seqEnd, -1) + 1;
        if (seqEnd == seq
                || epoch == epochEnd
                || epoch - EPOCH.length <= seqEnd
                || !is(SEQ, text, start)
                || text[seqEnd] != ','
                || !is(EPOCH, text, epoch - EPOCH.length)
                || !is(PREV, text, epochEnd)
                || !is(H, text, prev + SEAL)
                || !is(END, text, h + SEAL)) {
            return Optional.empty();
        }
        return Optional.of(new AuditLine(
                number(text, seq, seqEnd),
                number(text, epoch, epochEnd),
                new String(text, prev, SEAL, StandardCharsets.ISO_8859_1),
                new String(text, h, SEAL, StandardCharsets.ISO_8859_1),
                Arrays.copyOfRange(text, start, prev + SEAL + 1)));
    }

    /** Where a number of at most 18 digits, that begins at {@code from} and does not reach {@code to}, is over. */
    private static int digits(byte[] text, int from, int to, int step) {
        int at = from;
        while (at != to && Math.abs(at - from) < MAX_DIGITS && text[at] >= '0' && text[at] <= '9') {
            at += step;
        }
        return at;
    }

    private static long number(byte[] text, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            value = value * 10 + text[i] - '0';
        }
        return value;
    }

    private static boolean is(byte[] expected, byte[] text, int at) {
        return Arrays.equals(expected, 0, expected.length, text, at, at + expected.length);
    }

    private static void member(StringBuilder line, String name, String value) {
        line.append(",\"").append(name).append("\":");
        string(line, value);
    }

    /**
     * Everything that is not plain ASCII is escaped, so that no value can end a line or play tricks on a terminal
     * (OWASP ASVS 16.4.1).
     */
    private static void string(StringBuilder line, String value) {
        line.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else if (c < 0x20 || c > 0x7e) {
                line.append("\\u").append(HexFormat.of().toHexDigits((short) c));
            } else {
                line.append(c);
            }
        }
        line.append('"');
    }
}
