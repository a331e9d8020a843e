package gateway.siege;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Events for two webhook endpoints, of which one is slow, or poisoned in the database, and is deleted while its
 * deliveries are under way. The other endpoint has to hear every event.
 */
final class WebhookAttack implements Attack {
    static final Map<String, String> SETTINGS =
            Map.of("WHATSAPP_WEBHOOK_ALLOW_HTTP", "true", "WHATSAPP_WEBHOOK_ALLOW_CIDRS", "127.0.0.0/8");
    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"");
    /** Longer than the time until the endpoint is deleted. */
    private static final long SLOW_MILLIS = 2_000;

    /** How long the siege waits for work that the gateway does in the background. */
    static final int PATIENCE_SECONDS = 30;

    /** What is done to the endpoint that is not the good one. */
    @FunctionalInterface
    interface Harm {
        void to(Target target, String endpoint) throws Exception;
    }

    private final String name;
    private final Harm harm;
    private final AtomicInteger events = new AtomicInteger();
    private Receiver good;
    private Receiver slow;

    WebhookAttack(String name, Harm harm) {
        this.name = name;
        this.harm = harm;
    }

    /** The endpoint, or the account of it, is deleted half a second after an event. */
    static WebhookAttack deleted(String name) {
        return new WebhookAttack(name, (target, endpoint) -> {});
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Map<String, String> settings() {
        return SETTINGS;
    }

    @Override
    public void prepare(Target target) throws Exception {
        good = new Receiver(0);
        slow = new Receiver(SLOW_MILLIS);
        endpoint(target, good);
    }

    private static String endpoint(Target target, Receiver receiver) throws IOException {
        var answer = target.call(
                "POST", "/webhooks", "{\"url\":\"" + receiver.url() + "\",\"secret\":\"7c1e9a40d2b85f63-siege\"}");
        var id = ID.matcher(answer);
        if (!id.find()) {
            throw new IOException("no endpoint was made: " + answer);
        }
        return id.group(1);
    }

    @Override
    public void run(Target target, long deadline) throws Exception {
        while (System.nanoTime() < deadline) {
            var endpoint = endpoint(target, slow);
            for (int i = 0; i < 5; i++) {
                happen(target);
            }
            harm.to(target, endpoint);
            Swarm.pause(500, deadline);
            target.call("DELETE", "/webhooks/" + endpoint, "");
            happen(target);
        }
    }

    private void happen(Target target) throws IOException {
        int number = events.incrementAndGet();
        target.call(
                "POST", "/sandbox/inbound", "{\"from\":\"6281234567890\",\"message\":\"siege event " + number + ".\"}");
    }

    @Override
    public String finding(Target target) throws Exception {
        var missing = new ArrayList<Integer>();
        long until = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
        do {
            missing.clear();
            for (int i = 1; i <= events.get(); i++) {
                if (!good.heard(i)) {
                    missing.add(i);
                }
            }
            Thread.sleep(100);
        } while (!missing.isEmpty() && System.nanoTime() < until);
        good.close();
        slow.close();
        return missing.isEmpty()
                ? ""
                : missing.size() + " of " + events.get() + " events were not heard by the endpoint that answers";
    }
}
