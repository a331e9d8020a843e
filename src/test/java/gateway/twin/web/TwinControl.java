package gateway.twin.web;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** A client of a twin's control door, by which tests play the person with the phone. The calls: {@link ControlDoor}. */
public final class TwinControl {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final long PATIENCE_SECONDS = 20;
    private static final long PAUSE_NANOS = 10_000_000;

    private final String door;

    public TwinControl(Twin twin) {
        this(twin.control());
    }

    private TwinControl(String door) {
        this.door = door;
    }

    /** A client of the control door at this address, of a twin in another process. */
    public static TwinControl at(String door) {
        return new TwinControl(door);
    }

    /** Every value of the fault {@code certificate}. */
    public static List<String> certificateFlaws() {
        return Faults.CERTIFICATES.stream().sorted().toList();
    }

    /** @throws IllegalStateException when the twin refuses, with the twin's words */
    public JsonNode post(String path, Map<String, ?> body) {
        return call("POST", path, HttpRequest.BodyPublishers.ofString(write(body)));
    }

    /** @throws IllegalStateException when the twin refuses, with the twin's words */
    public JsonNode get(String path) {
        return call("GET", path, HttpRequest.BodyPublishers.noBody());
    }

    /** Sets one fault; the empty text takes it away. */
    public void fault(String name, String value) {
        post("/faults", Map.of(name, value));
    }

    /** Sends a text from a phone; the message's id. */
    public String send(String number, String to, String text) {
        return post("/phones/" + number + "/send", Map.of("to", to, "text", text))
                .get("id")
                .asText();
    }

    /** Says something of any message's id from a phone, whoever wrote that message. */
    public void forge(String number, String to, String what, String id, String text) {
        post("/phones/" + number + "/forge", Map.of("to", to, "what", what, "id", id, "text", text));
    }

    /** How many devices are linked to a phone. */
    public int devices(String number) {
        return get("/phones/" + number).get("devices").size();
    }

    /** How often a text came in at a phone. */
    public long shown(String number, String text) {
        return get("/phones/" + number + "/inbox")
                .valueStream()
                .filter(seen -> seen.get("text").asText().equals(text))
                .count();
    }

    /** How often the twin saw something whose detail begins like this. */
    public long seen(String what, String detail) {
        return entries()
                .filter(entry -> entry.get("what").asText().equals(what)
                        && entry.get("detail").asText().startsWith(detail))
                .count();
    }

    /** What the twin saw, in order. */
    public Stream<JsonNode> entries() {
        return get("/ledger").get("entries").valueStream();
    }

    /** One of the ledger's numbers: {@code reused_keys}, {@code shown_twice}, {@code waiting_peers}. */
    public int count(String name) {
        return get("/ledger?after=" + Long.MAX_VALUE).get(name).intValue();
    }

    /** Waits until something is true; whether it became true within twenty seconds. */
    public static boolean awaited(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(PATIENCE_SECONDS).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return true;
    }

    private JsonNode call(String method, String path, HttpRequest.BodyPublisher body) {
        try {
            var answer = CLIENT.send(
                    HttpRequest.newBuilder(URI.create(door + path))
                            .method(method, body)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            var json = JSON.readTree(answer.body());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(json.path("error").asText());
            }
            return json;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String write(Map<String, ?> body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
