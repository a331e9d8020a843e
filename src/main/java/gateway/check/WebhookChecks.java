package gateway.check;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import gateway.check.Check.Area;
import gateway.check.Check.Severity;
import gateway.config.DatabaseSetting;

/** Checks of where events are posted, and of what signs them. */
final class WebhookChecks {
    /** Guide A, Webhook Security. */
    private static final int MIN_SECRET = 32;

    private WebhookChecks() {}

    static List<Check> all() {
        return List.of(
                new Check(
                        "webhook-https",
                        Area.WEBHOOKS,
                        Severity.HIGH,
                        List.of("A-HOOK-1"),
                        "the URLs of WHATSAPP_WEBHOOK and of the stored endpoints",
                        "whatsapp webhook list",
                        WebhookChecks::https),
                new Check(
                        "webhook-secret-length",
                        Area.WEBHOOKS,
                        Severity.HIGH,
                        List.of("A-HOOK-2"),
                        "setting WHATSAPP_WEBHOOK_SECRET, and the profile under which secrets were stored",
                        "whatsapp webhook list",
                        WebhookChecks::secret));
    }

    private static Verdict https(Evidence evidence) {
        return Running.refused(evidence, "WHATSAPP_WEBHOOK").orElseGet(() -> posted(evidence));
    }

    private static Verdict posted(Evidence evidence) {
        var setting = Running.settings(evidence).webhook();
        var urls = new ArrayList<>(setting.urls());
        evidence.rows("SELECT url FROM webhook_endpoint WHERE enabled = 1")
                .forEach(row -> urls.add(URI.create(row.getFirst())));
        if (urls.isEmpty()) {
            return new Verdict.NotApplicable("there is no webhook");
        }
        var wrong = new ArrayList<String>();
        int local = 0;
        for (var url : urls) {
            if ("https".equalsIgnoreCase(url.getScheme())) {
                continue;
            }
            if (isLoopback(url)) {
                local++;
            } else {
                wrong.add("the webhook to " + url.getHost() + " has no TLS");
            }
        }
        return Verdict.of(
                wrong,
                urls.size() - local + " webhooks have TLS, " + local + " stay on this machine",
                "whatsapp webhook list");
    }

    /** By the address as it is written: a name could lead anywhere. */
    private static boolean isLoopback(URI url) {
        var host = String.valueOf(url.getHost());
        return host.matches("127(\\.[0-9]{1,3}){3}") || host.equals("[::1]");
    }

    private static Verdict secret(Evidence evidence) {
        return Running.refused(evidence, "WHATSAPP_WEBHOOK_SECRET").orElseGet(() -> signing(evidence));
    }

    private static Verdict signing(Evidence evidence) {
        var settings = Running.settings(evidence);
        var configured = settings.webhook().secret();
        if (configured.isPresent() && configured.get().length() < MIN_SECRET) {
            return new Verdict.Fail(
                    "WHATSAPP_WEBHOOK_SECRET has fewer than " + MIN_SECRET + " characters",
                    "whatsapp rotate webhook-secret");
        }
        if (settings.storage().database() instanceof DatabaseSetting.Postgres) {
            throw new Unseen("PostgreSQL is not asked for its stored endpoints yet");
        }
        int stored = Integer.parseInt(evidence.rows("SELECT count(*) FROM webhook_endpoint")
                .getFirst()
                .getFirst());
        if (configured.isEmpty() && settings.webhook().urls().isEmpty() && stored == 0) {
            return new Verdict.NotApplicable("there is no webhook");
        }
        if (stored > 0 && !settings.profile().holdsProductionRules()) {
            return new Verdict.Warn(
                    stored + " stored endpoints have sealed secrets, and this profile takes short ones",
                    "whatsapp webhook list");
        }
        return new Verdict.Pass((configured.isPresent() ? "the configured secret has " : "a secret must have ")
                + MIN_SECRET + " characters or more; " + stored + " stored endpoints");
    }
}
