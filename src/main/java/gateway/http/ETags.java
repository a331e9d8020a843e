package gateway.http;

import java.util.Arrays;

/** The lists of entity tags that conditional requests carry (RFC 9110 §13.1). */
public final class ETags {
    private ETags() {}

    /** Whether {@code If-None-Match} names this one; compared weakly, as that header is. */
    public static boolean match(String list, String etag) {
        return list.strip().equals("*")
                || Arrays.stream(list.split(","))
                        .map(tag -> tag.strip().replaceFirst("^W/", ""))
                        .anyMatch(etag::equals);
    }
}
