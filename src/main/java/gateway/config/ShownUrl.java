package gateway.config;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A URL as it may stand in a reply, a list or a log: without user name and password, its query and fragment masked,
 * because these are often a receiver's only secret. The one place that decides this.
 */
public final class ShownUrl {
    private static final Pattern PARTS =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*://)?(?:[^/?#@]*@)?([^?#]*)([?#].*)?", Pattern.DOTALL);
    private static final String MASKED = "?" + Secret.MASK;

    private ShownUrl() {}

    /** One URL. Text that is none is masked whole when it might hide something. */
    public static String of(String url) {
        var parts = PARTS.matcher(url);
        if (!parts.matches() || parts.group(2).contains("@")) {
            return Secret.MASK;
        }
        return (parts.group(1) == null ? "" : parts.group(1)) + parts.group(2) + (parts.group(3) == null ? "" : MASKED);
    }

    /** Several, separated by commas. */
    public static String list(String urls) {
        return Arrays.stream(urls.split(",", -1)).map(url -> of(url.strip())).collect(Collectors.joining(","));
    }

    /** Whether the text is what {@link #of} shows, so that no client stores it in the place of the URL itself. */
    public static boolean isMasked(String url) {
        return url.contains(Secret.MASK);
    }
}
