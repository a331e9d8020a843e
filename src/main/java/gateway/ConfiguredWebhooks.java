package gateway;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

import gateway.config.Settings;
import gateway.webhook.Endpoint;
import gateway.webhook.PayloadDialect;
import gateway.webhook.Secrets;

/** The endpoints of {@code WHATSAPP_WEBHOOK}. */
final class ConfiguredWebhooks {
    private ConfiguredWebhooks() {
    }

    static List<Endpoint> of(Settings.Webhook setting) {
        return setting.urls().stream()
                .map(url -> new Endpoint(id(url), url.toString(), Secrets.of(setting.secret().orElseThrow().reveal()),
                        setting.events(), setting.ignoreJids(), PayloadDialect.named(setting.dialect().name()), true, "", true))
                .toList();
    }

    /** The same for the same URL after every restart, so that what waits for it is still delivered. */
    private static String id(URI url) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(url.toString().getBytes(StandardCharsets.UTF_8));
            return "env_" + HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
