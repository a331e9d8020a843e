package gateway.crash;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

import gateway.http.Envelope;
import gateway.twin.web.Twin;
import gateway.twin.web.TwinControl;

/** The twin's people, whom no kill touches: one's own phone, and peers who write to it all the time. */
final class WebPhones implements AutoCloseable {
    static final String OWN = "6281111111111";
    static final List<String> PEERS =
            IntStream.rangeClosed(1, 6).mapToObj("62820000000%02d"::formatted).toList();
    private static final List<String> OF_MESSAGES = List.of("not_opened", "poison", "not_opened", "duplicate");
    /** The order of the troubles. A lost connection comes back after four to eight seconds, so it is the rarest. */
    private static final List<String> TROUBLES = Stream.of(
                    OF_MESSAGES, OF_MESSAGES, OF_MESSAGES, List.of("close_after_message"))
            .flatMap(List::stream)
            .toList();

    /** A further phone, whose inbox stays short. */
    static final String PROBER = "6282000000099";

    private static final int PAUSE_MILLIS = 60;
    private static final long SETTLED_NANOS = 500_000_000;

    final Twin twin = new Twin(0);
    final TwinControl control = new TwinControl(twin);
    /** Texts of the peers' messages, by their ids. */
    final Map<String, String> written = new ConcurrentHashMap<>();

    private final Thread writing = Thread.ofVirtual().unstarted(this::write);
    private final int pauseMillis;
    private volatile boolean done;
    private int troubles;

    WebPhones() throws IOException {
        this(PAUSE_MILLIS);
    }

    /** @param pauseMillis of the peers between two messages */
    WebPhones(int pauseMillis) throws IOException {
        this.pauseMillis = pauseMillis;
        control.post("/phones", Map.of("number", OWN));
        control.post("/phones", Map.of("number", PROBER));
        PEERS.forEach(peer -> control.post("/phones", Map.of("number", peer)));
    }

    /** The peers write from now on. */
    void begin() {
        writing.start();
    }

    /** The peers write no more, and nothing more goes wrong. */
    void end() throws InterruptedException {
        done = true;
        writing.join();
        Set.copyOf(TROUBLES).forEach(trouble -> control.fault(trouble, ""));
    }

    private void write() {
        for (int i = 0; !done; i++) {
            write(PEERS.get(i % PEERS.size()), "event-" + i);
            LockSupport.parkNanos(pauseMillis * 1_000_000L);
        }
    }

    /** One phone writes one text, which belongs to what the webhooks must tell. */
    void write(String phone, String text) {
        written.put(control.send(phone, OWN, text), text);
    }

    /** One thing goes wrong: a phone asks again, a message comes damaged or twice, or the connection ends. */
    synchronized void trouble() {
        control.fault(TROUBLES.get(troubles++ % TROUBLES.size()), "1");
    }

    /** By id, the texts that a phone shows, each as often as it does. */
    private Map<String, List<String>> shown(String phone) {
        return control.get("/phones/" + phone + "/inbox")
                .valueStream()
                .collect(Collectors.groupingBy(
                        seen -> seen.get("id").textValue(),
                        Collectors.mapping(seen -> seen.get("text").textValue(), Collectors.toList())));
    }

    /** Whether the recipient and one's own phone show every accepted send, at least once. */
    boolean allShown(CrashDriver driver) {
        return wrong(driver).values().stream().noneMatch("[]"::equals);
    }

    /**
     * Of the accepted sends, those that the recipient or one's own phone does not show once, with what is shown
     * instead.
     */
    Map<String, String> wrong(CrashDriver driver) {
        var wrong = new TreeMap<String, String>();
        var inboxes =
                Stream.concat(PEERS.stream(), Stream.of(OWN)).collect(Collectors.toMap(phone -> phone, this::shown));
        driver.accepted.forEach((text, id) -> {
            for (var phone : List.of(driver.chat(text), OWN)) {
                var here = inboxes.get(phone).getOrDefault(id, List.of());
                if (!here.equals(List.of(text))) {
                    wrong.put(text + " at " + phone, here.toString());
                }
            }
        });
        return wrong;
    }

    /** Of the accepted sends, those that the recipient does not show. */
    Set<String> lost(CrashDriver driver) {
        var inboxes = PEERS.stream().collect(Collectors.toMap(phone -> phone, this::shown));
        return driver.accepted.entrySet().stream()
                .filter(sent -> !inboxes.get(driver.chat(sent.getKey()))
                        .getOrDefault(sent.getValue(), List.of())
                        .contains(sent.getKey()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What the twin saw of a message. */
    String story(String id) {
        return control.entries()
                .filter(entry -> entry.get("detail").asText().contains(id))
                .map(entry -> entry.get("at").asText() + " " + entry.get("what").asText() + " "
                        + entry.get("detail").asText())
                .collect(Collectors.joining("\n"));
    }

    /** Ids of the peers' messages that no webhook told of with their text. */
    Set<String> untold(Sink sink) {
        var told = ConcurrentHashMap.<String>newKeySet();
        sink.bodies().stream()
                .map(WebPhones::json)
                .filter(body -> body.path("event").asText().equals("message"))
                .forEach(body -> told.add(body.at("/payload/id").asText() + " "
                        + body.at("/payload/body").asText()));
        return written.entrySet().stream()
                .filter(sent -> !told.contains(sent.getKey() + " " + sent.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Whether the servers have nothing more for the device; asked again after a moment, because an answer may bring
     * more.
     */
    boolean quiet() {
        for (int i = 0; i < 2; i++) {
            if (control.count("waiting_peers") > 0
                    || control.get("/phones/" + OWN).get("unacknowledged").intValue() > 0) {
                return false;
            }
            LockSupport.parkNanos(SETTLED_NANOS);
        }
        return true;
    }

    private static JsonNode json(String body) {
        try {
            return Envelope.JSON.readTree(body);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        done = true;
        twin.close();
    }
}
