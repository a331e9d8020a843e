package gateway.crash;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import gateway.Program;

/**
 * An endpoint made at run time whose secret is changed all the time. Its receiver knows one secret only: the new one as
 * soon as the change was acknowledged, the old one until then.
 */
final class CrashRotation {
    private volatile String known = UUID.randomUUID().toString();
    private String next;
    private String id;
    private final AtomicInteger done = new AtomicInteger();

    /** What the receiver verifies with. */
    String known() {
        return known;
    }

    /** How many changes were acknowledged. */
    int done() {
        return done.get();
    }

    void begin(Program program, Sink receiver) throws Exception {
        var reply = program.post("/webhooks", "{\"url\":\"%s\",\"secret\":\"%s\"}".formatted(receiver.url(), known));
        id = Program.json(reply).at("/results/id").textValue();
    }

    /** Changes the secret; one whose answer was cut off is asked for again. */
    void turn(Program program) {
        next = next == null ? UUID.randomUUID().toString() : next;
        try {
            if (change(program, next).statusCode() == 200) {
                known = next;
                next = null;
                done.incrementAndGet();
            }
        } catch (IOException | ExecutionException cut) {
            // Asked for again: nobody knows whether it was done, so the receiver goes on with the old one.
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> change(Program program, String secret) throws Exception {
        return program.send(program.request("/webhooks/" + id)
                .header("Content-Type", "application/json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString("{\"secret\":\"" + secret + "\"}")));
    }
}
