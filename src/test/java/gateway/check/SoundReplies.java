package gateway.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import gateway.check.Evidence.Reply;

/** What the listeners of a sound machine answer, by port and the beginning of the request. */
final class SoundReplies {
    static final String REQUEST = "0b1c2d3e4f506172";

    private SoundReplies() {}

    static Map<String, Reply> all() {
        var replies = new HashMap<String, Reply>();
        var strong = new HashMap<String, String>();
        strong.put("strict-transport-security", "max-age=63072000; includeSubDomains");
        strong.put("x-content-type-options", "nosniff");
        strong.put("x-frame-options", "DENY");
        strong.put("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
        strong.put("referrer-policy", "no-referrer");
        strong.put("cross-origin-opener-policy", "same-origin");
        strong.put("cross-origin-embedder-policy", "require-corp");
        strong.put("cross-origin-resource-policy", "same-origin");
        strong.put("permissions-policy", "camera=()");
        strong.put("cache-control", "no-store, max-age=0");
        strong.put("x-permitted-cross-domain-policies", "none");
        strong.put("x-dns-prefetch-control", "off");
        strong.put("clear-site-data", "\"cookies\"");
        replies.put("443 /livez", new Reply(200, strong, "{}"));
        var refused = new HashMap<>(strong);
        refused.put("x-request-id", REQUEST);
        replies.put("443 /app/devices", new Reply(401, refused, "{}"));
        replies.put("443 POST /send/message", new Reply(413, strong, "{}"));
        replies.put("80 /livez", new Reply(308, Map.of("location", "https://" + PaperMachine.NAME + "/livez"), ""));
        reply(replies, "3000 /", 401, "{\"code\":\"UNAUTHORIZED\",\"message\":\"Say who you are.\"}");
        reply(replies, "3000 /aaaa", 414, "{\"code\":\"TOO_LONG\"}");
        reply(replies, "3000 POST", 400, "{\"code\":\"BAD_REQUEST\"}");
        reply(replies, "3000 BREW", 501, "{\"code\":\"NOT_IMPLEMENTED\"}");
        reply(replies, "3000 GET", 400, "{\"code\":\"BAD_REQUEST\",\"message\":\"The request cannot be read.\"}");
        reply(replies, PaperMachine.METRICS, 200, metrics("production", 10));
        reply(replies, "9090 /api/v1/rules", 200, rules("ok"));
        reply(replies, "9090 /api", 200, "{\"data\":{\"result\":[{\"value\":[1,\"9\"]}]}}");
        reply(replies, "9093 /api/v2/receivers", 200, "[{\"name\":\"mail\"}]");
        reply(replies, "9093 /api/v2/alerts", 200, "[{\"labels\":{\"alertname\":\"DeadManSwitch\"}}]");
        return replies;
    }

    static String rules(String health) {
        return WatchChecks.ALERTS.stream()
                .map(alert -> "{\"name\":\"" + alert + "\",\"health\":\"" + health + "\"}")
                .collect(java.util.stream.Collectors.joining(",", "{\"data\":{\"groups\":[{\"rules\":[", "]}]}}"));
    }

    /** What a receiver answers that checks signature and time, and knows the events that it has. */
    static List<Reply> receiver() {
        return List.of(
                new Reply(200, Map.of(), "{\"status\":\"received\"}"),
                new Reply(401, Map.of(), "{}"),
                new Reply(401, Map.of(), "{}"),
                new Reply(200, Map.of(), "{\"status\":\"duplicate\"}"));
    }

    private static void reply(Map<String, Reply> replies, String target, int status, String body) {
        replies.put(target, new Reply(status, Map.of(), body));
    }

    static String metrics(String profile, int days) {
        return "whatsapp_build_info{version=\"1\"} 1\nwhatsapp_profile{profile=\"" + profile
                + "\",scope=\"app\"} 1\nwhatsapp_secret_age_seconds{secret=\"basic-auth\"} " + days * 86_400L + "\n"
                + queues(3, 16);
    }

    static String queues(int endpoints, int most) {
        var text = new StringBuilder();
        for (int i = 0; i < endpoints; i++) {
            text.append("whatsapp_webhook_max_posts{endpoint=\"e")
                    .append(i)
                    .append("\"} ")
                    .append(most)
                    .append('\n');
        }
        return text.toString();
    }
}
