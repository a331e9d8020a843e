package gateway.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import gateway.Program;
import gateway.WebPairing;
import gateway.crash.Sink;
import gateway.twin.web.Twin;
import gateway.twin.web.TwinControl;

/**
 * Our own program with the web engine, a process of its own, and a receiver of its signed webhooks. The program runs by
 * the rules of production, in a rehearsal.
 */
final class OurProgram implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SECRET_BYTES = 16;

    private final Path folder;
    private final Map<String, String> environment;
    private final Sink sink;
    private Program program;

    OurProgram(Twin twin, Path folder) throws IOException {
        var random = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(random);
        var secret = HexFormat.of().formatHex(random);
        this.folder = Files.createDirectories(folder);
        sink = new Sink(() -> secret);
        environment = new HashMap<>(WebPairing.settings(twin));
        environment.putAll(Map.of(
                "APP_PROFILE",
                "rehearsal",
                "WHATSAPP_WEBHOOK",
                sink.url(),
                "WHATSAPP_WEBHOOK_SECRET",
                secret,
                "WHATSAPP_WEBHOOK_DIALECT",
                "v8",
                "WHATSAPP_WEBHOOK_ALLOW_HTTP",
                "true",
                "WHATSAPP_WEBHOOK_ALLOW_CIDRS",
                "127.0.0.0/8",
                "WHATSAPP_SEND_WAIT",
                "20s"));
        start();
    }

    private void start() throws IOException {
        program = Program.rest(folder, environment);
    }

    /** Links the program to the phone of that number. */
    void pair(TwinControl control, String number) throws Exception {
        WebPairing.scan(program, control, number);
        WebPairing.connected(program);
    }

    /** Ends the process at once, as a crash does. */
    void kill() throws Exception {
        program.kill();
    }

    /** Starts the program again, and waits until its line is up. */
    void again() throws Exception {
        start();
        WebPairing.connected(program);
    }

    /** Sends a text; its id. */
    String send(String number, String text) throws Exception {
        return post("/send/message", Map.of("phone", number, "message", text));
    }

    /** Sends a text that quotes an earlier message; its id. */
    String reply(String number, String id, String text) throws Exception {
        return post("/send/message", Map.of("phone", number, "message", text, "reply_message_id", id));
    }

    /** Does something to an earlier message: {@code reaction}, {@code update}, {@code revoke} or {@code read}. */
    void change(String what, String number, String id, Map<String, String> more) throws Exception {
        var body = new HashMap<>(more);
        body.put("phone", number);
        post("/message/" + id + "/" + what, body);
    }

    private String post(String path, Map<String, String> body) throws Exception {
        var reply = program.post(path, JSON.writeValueAsString(body));
        Failure.unless(reply.statusCode() == 200, path + " was answered " + reply.body());
        return Program.json(reply).path("results").path("message_id").asText();
    }

    /**
     * The payload of the first webhook of that event that fits.
     *
     * @throws Failure when none came in time, with what came instead
     */
    JsonNode told(String event, Predicate<JsonNode> fits) {
        Failure.unless(
                TwinControl.awaited(() -> payload(event, fits).isPresent()),
                "no webhook '" + event + "' came; there are " + sink.bodies());
        return payload(event, fits).orElseThrow();
    }

    /** Waits for the webhook of a message with this text. */
    JsonNode message(String text) {
        return told("message", payload -> payload.path("body").asText().equals(text));
    }

    /** Waits for the webhook that says how far a message came: {@code delivered}, {@code read}. */
    void receipt(String type, String id) {
        told(
                "message.ack",
                payload -> payload.path("receipt_type").asText().equals(type)
                        && payload.path("ids").toString().contains(id));
    }

    /** How many webhooks told of a message with this text. */
    long count(String text) {
        return sink.bodies().stream()
                .map(OurProgram::read)
                .filter(body -> body.path("payload").path("body").asText().equals(text))
                .count();
    }

    private Optional<JsonNode> payload(String event, Predicate<JsonNode> fits) {
        return sink.bodies().stream()
                .map(OurProgram::read)
                .filter(body -> body.path("event").asText().equals(event))
                .map(body -> body.path("payload"))
                .filter(fits)
                .findFirst();
    }

    private static JsonNode read(String body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            program.kill();
        } catch (Exception e) {
            throw new IOException(e);
        } finally {
            sink.close();
            Files.writeString(folder.resolve("program.log"), program.output());
        }
    }
}
