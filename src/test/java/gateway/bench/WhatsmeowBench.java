package gateway.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * What unmodified whatsmeow with its own SQLite store does on the same twin: one account, 20 chats, 16 sends under way,
 * each sealed for two devices; and messages that come in. It answers to nobody: neither REST nor webhooks are in it.
 */
final class WhatsmeowBench {
    /** The driver of {@code src/test/interop/go}, which {@code src/build/bench} builds where Go is there. */
    static final Path DRIVER = Path.of("target/interop/whatsmeow").toAbsolutePath();

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OWN = "6281110000000";
    private static final int CHATS = 20;
    private static final int UNDER_WAY = 16;
    private static final int RECEIVED = 5_000;
    private static final int SENDERS = 4;
    private static final int WARM_UP_SECONDS = 4;
    private static final String TEXT = "The order is on its way. ".repeat(6);

    private final BenchTwin twin;
    private final Process client;
    private final BufferedWriter commands;
    private final BufferedReader events;
    private int sent;

    private WhatsmeowBench(BenchTwin twin, Path folder) throws IOException {
        this.twin = twin;
        this.client = new ProcessBuilder(
                        DRIVER.toString(),
                        twin.place("ws"),
                        twin.place("media"),
                        twin.place("root_key"),
                        folder.resolve("whatsmeow.db").toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        this.commands = client.outputWriter();
        this.events = client.inputReader();
    }

    static void run(Figures figures, Path folder, int seconds) throws Exception {
        if (!Files.isExecutable(DRIVER)) {
            System.out.println("whatsmeow is not measured: " + DRIVER + " is not built, which needs Go 1.26");
            return;
        }
        try (var twin = BenchTwin.start()) {
            var bench = new WhatsmeowBench(twin, folder);
            try {
                bench.link();
                bench.send(WARM_UP_SECONDS);
                twin.control().fault("sealed_phones", "true");
                bench.send(WARM_UP_SECONDS);
                bench.measureSends(figures, seconds);
                bench.measureReceipts(figures);
            } finally {
                bench.client.destroyForcibly().waitFor();
            }
        }
    }

    private static String peer(int chat) {
        return "628333%07d".formatted(chat);
    }

    /** Links the account, and lets the phone of each chat write first. */
    private void link() throws IOException {
        twin.control().post("/phones", Map.of("number", OWN));
        tell(Map.of("do", "qr"));
        twin.control()
                .post(
                        "/phones/" + OWN + "/scan",
                        Map.of("qr", await("qr").get("qr").asText()));
        await("paired");
        await("connected");
        for (int chat = 0; chat < CHATS; chat++) {
            twin.control().post("/phones", Map.of("number", peer(chat)));
            twin.control().send(peer(chat), OWN, "hello");
            await("message");
        }
    }

    private void tell(Map<String, String> command) throws IOException {
        commands.write(JSON.writeValueAsString(command) + "\n");
        commands.flush();
    }

    private JsonNode await(String kind) throws IOException {
        for (var line = events.readLine(); line != null; line = events.readLine()) {
            var event = JSON.readTree(line);
            if (event.get("event").asText().equals(kind)) {
                return event;
            }
            if (event.get("event").asText().equals("error")) {
                throw new IllegalStateException("whatsmeow says " + event);
            }
        }
        throw new IllegalStateException("whatsmeow ended before the event " + kind);
    }

    private void sendNext(List<Long> begun) throws IOException {
        int number = sent++;
        begun.add(System.nanoTime());
        tell(Map.of(
                "do", "send", "to", peer(number % CHATS) + "@s.whatsapp.net", "text", begun.size() - 1 + " " + TEXT));
    }

    /** Sends for so long; how long each took, in nanoseconds. */
    private List<Long> send(int seconds) throws IOException {
        List<Long> begun = new ArrayList<>();
        List<Long> took = new ArrayList<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        for (int i = 0; i < UNDER_WAY; i++) {
            sendNext(begun);
        }
        while (took.size() < begun.size()) {
            var text = await("sent").get("text").asText();
            took.add(System.nanoTime() - begun.get(Integer.parseInt(text.substring(0, text.indexOf(' ')))));
            if (System.nanoTime() < end) {
                sendNext(begun);
            }
        }
        return took;
    }

    private void measureSends(Figures figures, int seconds) throws IOException {
        long before = cpuNanos();
        long twinBefore = twin.cpuNanos();
        var took = send(seconds);
        took.sort(null);
        figures.add("whatsmeow_send_rps", took.size() / (double) seconds, "the same on one account of whatsmeow's");
        figures.add("whatsmeow_send_p99_ms", took.get(took.size() * 99 / 100) / 1e6, "99th percentile of the same");
        figures.add(
                "whatsmeow_send_cpu_us",
                (cpuNanos() - before) / 1e3 / took.size(),
                "processor time of whatsmeow for each such send");
        figures.add(
                "whatsmeow_send_twin_cpu_us",
                (twin.cpuNanos() - twinBefore) / 1e3 / took.size(),
                "processor time of the twin for each such send");
    }

    private void measureReceipts(Figures figures) throws Exception {
        receive();
        long before = cpuNanos();
        long twinBefore = twin.cpuNanos();
        double seconds = receive();
        figures.add("whatsmeow_receive_rps", RECEIVED / seconds, "messages a second, from stanza to whatsmeow's event");
        figures.add(
                "whatsmeow_receive_cpu_us",
                (cpuNanos() - before) / 1e3 / RECEIVED,
                "processor time of whatsmeow for each of them");
        figures.add(
                "whatsmeow_receive_twin_cpu_us",
                (twin.cpuNanos() - twinBefore) / 1e3 / RECEIVED,
                "processor time of the twin for each of them");
    }

    /** Lets the phones write as fast as it goes; how many seconds it takes. */
    private double receive() throws Exception {
        long begin = System.nanoTime();
        var threads = IntStream.range(0, SENDERS)
                .mapToObj(sender -> Thread.ofPlatform().start(() -> {
                    for (int chat = sender; chat < CHATS; chat += SENDERS) {
                        twin.control().send(peer(chat), OWN, "stanza", 0, RECEIVED / CHATS);
                    }
                }))
                .toList();
        for (int i = 0; i < RECEIVED; i++) {
            await("message");
        }
        for (var thread : threads) {
            thread.join();
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    private long cpuNanos() {
        return client.info().totalCpuDuration().orElseThrow().toNanos();
    }
}
