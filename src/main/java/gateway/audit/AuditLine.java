package gateway.audit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;

/**
 * One line of the log as it is on disk: a JSON object in ASCII, its last three members {@code e} (epoch), {@code prev} and
 * {@code h}. {@code h} is HMAC-SHA256 under the epoch's key over everything before {@code ,"h"}, so over {@code prev} too.
 *
 * @param sealed what {@code h} is over
 */
record AuditLine(long seq, long epoch, String prev, String h, byte[] sealed) {
    private static final Pattern FORM = Pattern.compile(
            "(\\{\"seq\":(\\d{1,18}),.*,\"e\":(\\d{1,18}),\"prev\":\"([0-9a-f]{64})\"),\"h\":\"([0-9a-f]{64})\"}");

    /** The line's text, without its {@code h}. */
    static String unsealed(long seq, Instant time, String boot, AuditEntry entry, long epoch, String prev) {
        var line = new StringBuilder(400);
        line.append("{\"seq\":").append(seq);
        member(line, "ts", time.truncatedTo(ChronoUnit.MICROS).toString());
        member(line, "boot", boot);
        member(line, "event", entry.event().text());
        member(line, "actor", entry.actor());
        member(line, "src_ip", entry.address());
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

    /** The whole line with its line end. */
    static String seal(String unsealed, String h) {
        return unsealed + ",\"h\":\"" + h + "\"}\n";
    }

    static String h(Mac mac, byte[] sealed) {
        return HexFormat.of().formatHex(mac.doFinal(sealed));
    }

    /** Empty when it is not a line that this program writes. */
    static Optional<AuditLine> parse(String text) {
        var match = FORM.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        return Optional.of(new AuditLine(Long.parseLong(match.group(2)), Long.parseLong(match.group(3)), match.group(4),
                match.group(5), match.group(1).getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static void member(StringBuilder line, String name, String value) {
        line.append(",\"").append(name).append("\":");
        string(line, value);
    }

    /** Everything that is not plain ASCII is escaped, so that no value can end a line or play tricks on a terminal (OWASP ASVS 16.4.1). */
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
