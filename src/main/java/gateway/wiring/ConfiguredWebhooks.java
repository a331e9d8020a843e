package gateway.wiring;

import java.net.URI;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

import gateway.config.Secret;
import gateway.config.Settings;
import gateway.digest.Sha256;
import gateway.secret.Snapshot;
import gateway.webhook.Endpoint;
import gateway.webhook.EndpointSecrets;
import gateway.webhook.payload.PayloadDialect;

/** The endpoints of {@code WHATSAPP_WEBHOOK}. */
final class ConfiguredWebhooks {
    private ConfiguredWebhooks() {}

    /** @param old the secret before, which receivers may still know */
    static List<Endpoint> of(Settings.Webhook setting, Optional<Snapshot.Old> old) {
        return setting.urls().stream()
                .map(url -> new Endpoint(
                        id(url),
                        url.toString(),
                        secrets(setting.secret().orElseThrow(), old),
                        setting.events(),
                        setting.ignoreJids(),
                        PayloadDialect.named(setting.dialect().name()),
                        true,
                        "",
                        true))
                .toList();
    }

    private static EndpointSecrets secrets(Secret current, Optional<Snapshot.Old> old) {
        return old.map(before -> EndpointSecrets.of(before.secret().reveal())
                        .rotated(current.reveal(), before.until().toEpochMilli()))
                .orElse(EndpointSecrets.of(current.reveal()));
    }

    /** The same for the same URL after every restart, so that what waits for it is still delivered. */
    private static String id(URI url) {
        return "env_" + HexFormat.of().formatHex(Sha256.of(url.toString()), 0, 6);
    }
}
