package gateway.admin;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/** Asks an instance on this machine whether it takes messages. */
final class ReadyProbe {
    private static final int PATIENCE_MILLIS = 1_000;

    private ReadyProbe() {}

    static boolean answers(int port) {
        try {
            var request = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + port + "/readyz").toURL().openConnection();
            request.setConnectTimeout(PATIENCE_MILLIS);
            request.setReadTimeout(PATIENCE_MILLIS);
            // A connection left open would hold up the instance's stop.
            request.setRequestProperty("Connection", "close");
            return request.getResponseCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }
}
