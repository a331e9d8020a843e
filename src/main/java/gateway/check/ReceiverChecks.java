package gateway.check;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import gateway.check.Check.Area;
import gateway.check.Check.Severity;

/**
 * Checks of the way of an event: the dispatcher's queues, and receivers that are marked as probes. No other receiver is
 * asked, because an event that nobody sent would reach somebody's program.
 */
final class ReceiverChecks {
    private static final String LIMIT = "whatsapp_webhook_max_posts";
    /** The maximum of posts at once that a small receiver bears. */
    private static final int MAX_AT_ONCE = 32;

    private static final long STALE_SECONDS = 86_400;
    /** What begins a secret that goes on in Base64 (Standard Webhooks 1.0.0). */
    private static final String ENCODED = "whsec_";

    private ReceiverChecks() {}

    static List<Check> all() {
        return List.of(
                new Check(
                        "webhook-signatures",
                        Area.PROBES,
                        Severity.HIGH,
                        List.of("A-HOOK-3", "A-TEST-3"),
                        "the answers of the receivers in WHATSAPP_WEBHOOK_PROBES to valid, forged, stale and repeated events",
                        "whatsapp webhook list",
                        ReceiverChecks::signatures),
                new Check(
                        "webhook-queue",
                        Area.WEBHOOKS,
                        Severity.LOW,
                        List.of("A-HOOK-4"),
                        "the running dispatcher's queues, one for each enabled endpoint",
                        Running.START,
                        ReceiverChecks::queue));
    }

    private static Verdict signatures(Evidence evidence) {
        var webhook = Running.settings(evidence).webhook();
        if (webhook.urls().isEmpty()) {
            return new Verdict.NotApplicable("these settings name no webhook");
        }
        var marked = webhook.probes();
        if (marked.isEmpty()) {
            throw new Unseen("WHATSAPP_WEBHOOK_PROBES names no receiver, and no other receiver is asked");
        }
        if (!webhook.urls().containsAll(marked)) {
            throw new Unseen("WHATSAPP_WEBHOOK_PROBES names a URL that is not in WHATSAPP_WEBHOOK");
        }
        var secret = webhook.secret()
                .orElseThrow(() -> new Unseen("WHATSAPP_WEBHOOK_SECRET is not among these settings"))
                .reveal();
        var wrong = new ArrayList<String>();
        var weak = new ArrayList<String>();
        for (var url : marked) {
            judge(evidence, url, secret, wrong, weak);
        }
        if (wrong.isEmpty() && !weak.isEmpty()) {
            return new Verdict.Warn(String.join("; ", weak), "whatsapp webhook --help");
        }
        return Verdict.of(
                wrong,
                marked.size() + " receivers take a good event once, and refuse a bad and a stale signature",
                "whatsapp webhook --help");
    }

    private static void judge(Evidence evidence, URI url, String secret, List<String> wrong, List<String> weak) {
        var body = "{\"event\":\"whatsapp.check\",\"probe\":true}";
        long now = evidence.now().getEpochSecond();
        var place = url.getHost() + ":" + url.getPort();
        var id = "check_" + now;
        int good = post(evidence, url, body, id, now, secret).status();
        if (good < 200 || good >= 300) {
            wrong.add(place + " answers " + good + " to a good signature");
            return;
        }
        if (post(evidence, url, body, id + "b", now, secret + "x").status() < 400) {
            wrong.add(place + " takes a bad signature");
        }
        if (post(evidence, url, body, id + "s", now - STALE_SECONDS, secret).status() < 400) {
            weak.add(place + " takes a signature of yesterday");
        }
        // A receiver that has an event already says so with 2xx: a refusal would make the gateway send it again.
        var again = post(evidence, url, body, id, now, secret);
        if (again.status() < 400 && !again.body().contains("duplicate")) {
            weak.add(place + " does not say that it knows an event already");
        }
    }

    private static Evidence.Reply post(Evidence evidence, URI url, String body, String id, long time, String secret) {
        var path = (url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath())
                + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
        var key = secret.getBytes(StandardCharsets.UTF_8);
        return evidence.http(new Evidence.Request(
                        url.getPort() < 0 ? 80 : url.getPort(), false, "localhost", "POST " + path + " HTTP/1.1")
                .with(
                        "Content-Type: application/json",
                        "Content-Length: " + body.length(),
                        "X-Hub-Signature-256: sha256=" + HexFormat.of().formatHex(mac(key, body)),
                        "webhook-id: " + id,
                        "webhook-timestamp: " + time,
                        "webhook-signature: v1,"
                                + Base64.getEncoder()
                                        .encodeToString(mac(standard(secret), id + "." + time + "." + body)))
                .body(body));
    }

    private static byte[] standard(String secret) {
        try {
            return secret.startsWith(ENCODED)
                    ? Base64.getDecoder().decode(secret.substring(ENCODED.length()))
                    : secret.getBytes(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Unseen("WHATSAPP_WEBHOOK_SECRET begins with " + ENCODED + " and does not go on in Base64");
        }
    }

    private static byte[] mac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }

    private static Verdict queue(Evidence evidence) {
        var metrics = Running.metrics(evidence);
        int configured = Running.settings(evidence).webhook().urls().size();
        int stored = Integer.parseInt(evidence.rows("SELECT count(*) FROM webhook_endpoint WHERE enabled = 1")
                .getFirst()
                .getFirst());
        if (configured + stored == 0) {
            return new Verdict.NotApplicable("there is no webhook");
        }
        long queues = Running.count(metrics, LIMIT);
        if (queues == 0) {
            throw new Unseen("the running gateway reports no limit of its posts yet");
        }
        if (queues < configured + stored) {
            return new Verdict.Fail(
                    "the dispatcher has queues for " + queues + " of " + (configured + stored) + " endpoints",
                    Running.START);
        }
        double most = Running.sum(metrics, LIMIT, "").orElse(0) / queues;
        return most >= 1 && most <= MAX_AT_ONCE
                ? new Verdict.Pass("each of " + queues + " endpoints gets at most " + (long) most + " posts at once")
                : new Verdict.Fail("an endpoint may get " + (long) most + " posts at once", Running.START);
    }
}
