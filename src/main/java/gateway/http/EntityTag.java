package gateway.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.digest.Sha256;

/**
 * The validator of a reply (RFC 9110, 8.8.3): a digest of its body, or of all that its body is made from. A client that
 * names the tag in {@code If-None-Match} has the body already, and is answered 304 without one.
 */
public final class EntityTag {
    /** So much of the digest: two replies with one tag do not happen by chance. */
    private static final int BYTES = 16;

    private EntityTag() {}

    /** The tag of a body that is made from this text, and from nothing else. */
    public static String of(String state) {
        var digest = Sha256.start();
        digest.update(state.getBytes(StandardCharsets.UTF_8));
        return of(digest);
    }

    static String of(MessageDigest digest) {
        return '"'
                + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest.digest(), BYTES))
                + '"';
    }

    /** Whether the client asks for the body only when the client has another one. */
    public static boolean isAsked(ServerRequest request) {
        return request.headers().contains(HeaderNames.IF_NONE_MATCH);
    }

    /** Whether the client says that it has the reply of this tag. A tag holds no quotation mark but its own two. */
    public static boolean isKnown(ServerRequest request, String tag) {
        return isAsked(request)
                && request.headers().get(HeaderNames.IF_NONE_MATCH).allValues().stream()
                        .anyMatch(known -> known.contains(tag) || known.strip().equals("*"));
    }

    /** Puts the tag on the reply. */
    public static void put(ServerResponse response, String tag) {
        response.header(HeaderNames.ETAG, tag);
    }

    /** Answers that the client has the reply of this tag. */
    public static void notModified(ServerResponse response, String tag) {
        put(response, tag);
        response.status(Status.NOT_MODIFIED_304);
        response.send();
    }
}
