package gateway.engine.web.message;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.stream.Collectors;

/** The hash of a list of devices, {@code phash}, version 2: what sender and server compare instead of the list. */
public final class ParticipantHash {
    private static final int HASHED_BYTES = 6;

    private ParticipantHash() {}

    /** The hash of device JIDs as they stand in stanzas; a JID without a device is device 0. */
    public static String of(Collection<String> devices) {
        String joined = devices.stream().map(ParticipantHash::written).sorted().collect(Collectors.joining());
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(joined.getBytes(StandardCharsets.UTF_8));
            return "2:" + Base64.getEncoder().encodeToString(Arrays.copyOf(hash, HASHED_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK has no SHA-256", e);
        }
    }

    /** {@code user.0:device@server}. */
    private static String written(String jid) {
        int at = jid.indexOf('@');
        int colon = jid.indexOf(':');
        if (at < 0) {
            throw new IllegalArgumentException("not a device's JID: " + jid);
        }
        return colon < 0 || colon > at
                ? jid.substring(0, at) + ".0:0" + jid.substring(at)
                : jid.substring(0, colon) + ".0" + jid.substring(colon);
    }
}
