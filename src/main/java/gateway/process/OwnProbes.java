package gateway.process;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * What marks a request as a probe of {@code whatsapp check}. Its replies are counted apart, so that a run raises no
 * alert. The edge replaces X-Forwarded-For, so no client from outside has these addresses.
 */
public final class OwnProbes {
    /** The address of loopback that probes come from. */
    public static final String ADDRESS = "127.0.0.82";
    /** The address that a burst comes from: its wait holds up nobody else. */
    public static final String BURST = "127.0.0.83";
    /** The credential of a probe: an example of the documents, which no gateway takes. */
    public static final String CREDENTIAL =
            "Basic " + Base64.getEncoder().encodeToString("admin:admin".getBytes(StandardCharsets.UTF_8));

    private static final List<InetAddress> ADDRESSES =
            List.of(InetAddress.ofLiteral(ADDRESS), InetAddress.ofLiteral(BURST));

    private OwnProbes() {}

    /** Whether a request from an address is a probe. */
    public static boolean comesFrom(InetAddress address) {
        return ADDRESSES.contains(address);
    }

    /** Whether a status refuses a request that is wrong: 4xx, an unknown method, an unknown version of HTTP. */
    public static boolean isRefusal(int status) {
        return status / 100 == 4 || status == 501 || status == 505;
    }

    /** Whether a login is a probe: nobody who guesses passwords can hide behind it. */
    public static boolean isLogin(InetAddress address, List<String> credentials) {
        return comesFrom(address) && credentials.equals(List.of(CREDENTIAL));
    }
}
