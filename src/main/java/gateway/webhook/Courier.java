package gateway.webhook;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import gateway.outbound.AddressGuard;
import gateway.outbound.Answer;
import gateway.outbound.GuardedClient;
import gateway.outbound.RefusedAddress;
import gateway.outbound.Target;
import gateway.outbound.Unanswered;
import gateway.store.FailPoint;

/** Makes one attempt for one endpoint: signs, posts, and during a rotation tries the other secret at once. */
final class Courier implements AutoCloseable {
    /** Everything from the name's lookup to the last byte of the answer, both posts of a rotation together. */
    static final Duration TOTAL = Duration.ofSeconds(15);

    private final AddressGuard guard;
    private final GuardedClient client;
    private final InstantSource clock;
    private final Duration total;

    Courier(AddressGuard guard, GuardedClient client, InstantSource clock, Duration total) {
        this.guard = guard;
        this.client = client;
        this.clock = clock;
        this.total = total;
    }

    /**
     * What came of it.
     *
     * @param secret the one that signed the last post's hub header
     */
    record Result(Answer answer, String secret) {}

    /**
     * Posts the delivery.
     *
     * @param acceptedSecret fingerprint of the secret the receiver last proved to know, or empty
     * @throws Unanswered when there was no answer
     * @throws RefusedAddress when the endpoint's URL may not be connected to
     */
    Result attempt(Endpoint endpoint, Delivery delivery, String acceptedSecret) throws Unanswered {
        var target = guard.target(endpoint.url());
        var body = delivery.body().getBytes(StandardCharsets.UTF_8);
        long end = System.nanoTime() + total.toNanos();
        var valid = endpoint.secrets().valid(clock.millis());
        Result result = null;
        for (var secret : order(valid, acceptedSecret)) {
            if (result != null) {
                FailPoint.reach("other-secret");
            }
            var left = Duration.ofNanos(Math.max(TimeUnit.MILLISECONDS.toNanos(1), end - System.nanoTime()));
            result = new Result(post(target, delivery, body, secret, valid, left), secret);
            if (result.answer.status() != 401 && result.answer.status() != 403) {
                break;
            }
        }
        return Objects.requireNonNull(result);
    }

    /** The old secret first until the receiver was seen to know the new one: it is told of a new secret after us. */
    private static List<String> order(List<String> valid, String acceptedSecret) {
        return valid.size() == 1 || Signer.fingerprint(valid.getFirst()).equals(acceptedSecret)
                ? valid
                : valid.reversed();
    }

    private Answer post(
            Target target, Delivery delivery, byte[] body, String hubSecret, List<String> secrets, Duration left)
            throws Unanswered {
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Type", "application/json");
        headers.putAll(Signer.headers(delivery.event(), body, hubSecret, secrets, clock.millis()));
        return client.post(target, headers, body, left);
    }

    void sweep() {
        client.sweep();
    }

    @Override
    public void close() {
        client.close();
    }
}
