package gateway.config.source.remote;

import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

import com.sun.net.httpserver.HttpExchange;

/** Recomputes the signature of a request from what a server of a test received. */
public final class AwsSignatures {
    private static final Pattern SIGNED = Pattern.compile("SignedHeaders=([^,]+),");

    private AwsSignatures() {}

    /** Whether a request is signed with this key, and its body has the hash that was signed. */
    public static boolean good(
            HttpExchange exchange, byte[] body, String id, String secret, String region, String service) {
        var sent = exchange.getRequestHeaders();
        var authorization = Optional.ofNullable(sent.getFirst("Authorization")).orElse("");
        var names = SIGNED.matcher(authorization);
        if (!names.find()) {
            return false;
        }
        var headers = new TreeMap<String, String>();
        Arrays.stream(names.group(1).split(";"))
                .filter(name -> !name.equals("host") && !name.equals("x-amz-date"))
                .forEach(name -> headers.put(name, sent.getFirst(name)));
        var time = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
        return new SigV4(region, service)
                .sign(
                        exchange.getRequestMethod(),
                        URI.create("http://" + sent.getFirst("Host") + exchange.getRequestURI()),
                        headers,
                        body,
                        new SigV4.Key(id, secret, Optional.empty()),
                        Instant.from(time.parse(sent.getFirst("X-Amz-Date"))))
                .get("Authorization")
                .equals(authorization);
    }
}
