package gateway.check;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import gateway.check.Check.Area;
import gateway.check.Check.Severity;

/** Checks of the way of an event: the dispatcher's queue, and receivers on this machine. Others are never asked. */
final class ReceiverChecks {
    private static final Pattern LOCAL = Pattern.compile("127(\\.[0-9]{1,3}){3}|localhost");
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
                        "the answers of receivers on this machine to good, bad, stale and repeated signatures",
                        "whatsapp webhook list",
                        ReceiverChecks::signatures),
                new Check(
                        "webhook-queue",
                        Area.WEBHOOKS,
                        Severity.LOW,
                        List.of("A-HOOK-4"),
                        "the queue of the running dispatcher, which posts to each endpoint a few at a time",
                        Running.START,
                        ReceiverChecks::queue));
    }

    private static Verdict signatures(Evidence evidence) {
        var webhook = Running.settings(evidence).webhook();
        if (webhook.urls().isEmpty()) {
            return new Verdict.NotApplicable("these settings name no webhook");
        }
        var local = webhook.urls().stream()
                .filter(url -> "http".equalsIgnoreCase(url.getScheme())
                        && LOCAL.matcher(String.valueOf(url.getHost())).matches())
                .toList();
        if (local.isEmpty()) {
            throw new Unseen("no receiver is on this machine, and others are not asked");
        }
        var secret = webhook.secret()
                .orElseThrow(() -> new Unseen("WHATSAPP_WEBHOOK_SECRET is not among these settings"))
                .reveal();
        var wrong = new ArrayList<String>();
        var weak = new ArrayList<String>();
        for (var url : local) {
            judge(evidence, url, secret, wrong, weak);
        }
        if (wrong.isEmpty() && !weak.isEmpty()) {
            return new Verdict.Warn(String.join("; ", weak), "whatsapp webhook --help");
        }
        return Verdict.of(
                wrong,
                local.size() + " receivers take a good signature, and refuse a bad, a stale and a repeated one",
                "whatsapp webhook --help");
    }

    private static void judge(Evidence evidence, URI url, String secret, List<String> wrong, List<String> weak) {
        var body = "{\"event\":\"whatsapp.check\",\"probe\":true}";
        long now = evidence.now().getEpochSecond();
        var place = url.getHost() + ":" + url.getPort();
        var id = "check_" + now;
        int good = post(evidence, url, body, id, now, secret);
        if (good < 200 || good >= 300) {
            wrong.add(place + " answers " + good + " to a good signature");
            return;
        }
        if (post(evidence, url, body, id + "b", now, secret + "x") < 400) {
            wrong.add(place + " takes a bad signature");
        }
        if (post(evidence, url, body, id + "s", now - STALE_SECONDS, secret) < 400) {
            weak.add(place + " takes a signature of yesterday");
        }
        if (post(evidence, url, body, id, now, secret) < 400) {
            weak.add(place + " takes the same event twice");
        }
    }

    private static int post(Evidence evidence, URI url, String body, String id, long time, String secret) {
        var path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
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
                                        + Base64.getEncoder().encodeToString(mac(standard(secret), id + "." + time + "." + body)))
                        .body(body))
                .status();
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
        var setting = Running.settings(evidence).webhook();
        if (setting.urls().isEmpty()
                && evidence.rows("SELECT count(*) FROM webhook_endpoint")
                        .getFirst()
                        .getFirst()
                        .equals("0")) {
            return new Verdict.NotApplicable("there is no webhook");
        }
        var depth = Running.sum(metrics, "whatsapp_webhook_queue_depth", "");
        return depth.isPresent()
                ? new Verdict.Pass((long) depth.getAsDouble() + " deliveries wait in the dispatcher's queue")
                : new Verdict.Fail("the running gateway has no queue of deliveries", Running.START);
    }
}
