package gateway.engine.web.message;

import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.stream.Collectors;

import gateway.digest.Sha256;

/** The hash of a list of devices, {@code phash}, version 2: what sender and server compare instead of the list. */
public final class ParticipantHash {
    private static final int HASHED_BYTES = 6;

    private ParticipantHash() {}

    /** The hash of device JIDs as they stand in stanzas; a JID without a device is device 0. */
    public static String of(Collection<String> devices) {
        String joined = devices.stream().map(ParticipantHash::written).sorted().collect(Collectors.joining());
        return "2:" + Base64.getEncoder().encodeToString(Arrays.copyOf(Sha256.of(joined), HASHED_BYTES));
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
