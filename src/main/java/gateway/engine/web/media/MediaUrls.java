package gateway.engine.web.media;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/** The addresses of encrypted files on a media host (dossier web-2 §5.2, §5.3). */
public final class MediaUrls {
    private static final int HASH_BYTES = 32;
    private static final int MAX_PATH = 2_048;
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");
    /** One slash first, never two: a path that begins with two would name another host. */
    private static final Pattern DIRECT_PATH =
            Pattern.compile("/[A-Za-z0-9._~%!$&'()*+,;=:@-][\\x21-\\x7E&&[^\"#<>\\\\^`{|}]]*");

    private MediaUrls() {}

    /**
     * Where an upload is posted to.
     *
     * @param host          a host of the media connection
     * @param authorization the media connection's {@code auth}
     * @param fileEncSha256 the hash of the upload, 32 bytes
     * @throws WireRefusal ({@code MALFORMED}) for a host that is not a host name
     */
    public static URI upload(String host, String authorization, MediaKind kind, byte[] fileEncSha256)
            throws WireRefusal {
        String token = token(fileEncSha256);
        return URI.create("https://" + host(host) + "/mms/" + kind.mmsType() + "/" + token + "?auth="
                + encoded(authorization) + "&token=" + encoded(token));
    }

    /**
     * Where an upload is fetched from.
     *
     * @param directPath the path that the message names, with its query
     * @throws WireRefusal ({@code MALFORMED}) for a host or path that leads to another place than a file of that host
     */
    public static URI download(String host, String directPath, MediaKind kind, byte[] fileEncSha256)
            throws WireRefusal {
        if (directPath.length() > MAX_PATH || !DIRECT_PATH.matcher(directPath).matches()) {
            throw new WireRefusal(Reason.MALFORMED, "directPath: not a path of a file");
        }
        try {
            return URI.create("https://" + host(host) + directPath + (directPath.contains("?") ? "&" : "?") + "hash="
                    + token(fileEncSha256) + "&mms-type=" + kind.mmsType() + "&__wa-mms=");
        } catch (IllegalArgumentException _) {
            throw new WireRefusal(Reason.MALFORMED, "directPath: not a path of a file");
        }
    }

    private static String host(String host) throws WireRefusal {
        if (!HOST.matcher(host).matches()) {
            throw new WireRefusal(Reason.MALFORMED, "host: not a host name");
        }
        return host;
    }

    private static String token(byte[] fileEncSha256) throws WireRefusal {
        if (fileEncSha256.length != HASH_BYTES) {
            throw new WireRefusal(Reason.MALFORMED, "fileEncSha256: " + fileEncSha256.length + " bytes, not 32");
        }
        return Base64.getUrlEncoder().encodeToString(fileEncSha256);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
