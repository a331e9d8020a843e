package gateway.bench;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import gateway.twin.web.TwinControl;

/**
 * Sends of the web engine through a twin, each sealed for two devices: the recipient's phone and one's own. The twin is
 * a process of its own, so that its processor time is told apart. Its phones open the first message of each chat, and
 * during the load they say that they got a message without opening it. {@link WebReceiveBench} goes the other way, and
 * {@link WhatsmeowBench} does the same with whatsmeow.
 */
final class WebBench {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CHATS_OF_ONE = 20;
    private static final int PER_SECOND = 200;
    /** A method is compiled well after some 20,000 calls, for which a thousand sends a second need more than a minute. */
    private static final int WARM_UP_SECONDS = 75;

    private static final long PATIENCE_NANOS = 60_000_000_000L;

    /** What a load showed; latency in milliseconds, processor time in microseconds a send. */
    private record Result(double perSecond, double p99, double cpu) {}

    private final Figures figures;
    private final Path folder;
    private final int seconds;

    WebBench(Figures figures, Path folder, int seconds) {
        this.figures = figures;
        this.folder = folder;
        this.seconds = seconds;
    }

    void run() throws Exception {
        accounts(1, 16, "web_send_one");
        accounts(20, 64, "web_send");
        WhatsmeowBench.run(figures, folder, seconds);
    }

    private void accounts(int accounts, int clients, String key) throws Exception {
        var place = Files.createDirectory(folder.resolve(key));
        try (var twin = BenchTwin.start();
                var receiving = new WebReceiveBench(place, accounts * CHATS_OF_ONE)) {
            var settings = new HashMap<>(Bench.SETTINGS);
            settings.putAll(twin.settings());
            settings.putAll(accounts == 1 ? Map.of() : receiving.settings());
            try (var gateway = Server.gateway(place, settings);
                    var caller = client(gateway)) {
                for (int account = 0; account < accounts; account++) {
                    link(caller, twin.control(), account);
                }
                load(gateway, accounts, clients, seconds);
                twin.control().fault("sealed_phones", "true");
                load(gateway, accounts, clients, WARM_UP_SECONDS);
                long twinBefore = twin.cpuNanos();
                var result = load(gateway, accounts, clients, seconds);
                double sends = result.perSecond() * seconds;
                add(key, result, (twin.cpuNanos() - twinBefore) / 1e3 / sends);
                if (accounts > 1) {
                    paced(gateway, accounts);
                    receiving.run(
                            figures,
                            gateway,
                            twin,
                            number -> peer(number % accounts, number / accounts),
                            number -> own(number % accounts));
                }
            }
        }
    }

    private void paced(Server gateway, int accounts) throws InterruptedException {
        var requests = requests(accounts);
        var result = OpenLoop.run(gateway.uri(), i -> requests.get(i % requests.size()), PER_SECOND, 2 * seconds);
        if (result.good() < 100) {
            throw new IllegalStateException(
                    "at " + PER_SECOND + " a second, " + result.good() + " % were answered 200");
        }
        figures.add(
                "web_send_p99_ms", result.p99Millis(), "a send at 200 a second whatever comes back, 99th percentile");
    }

    private void add(String key, Result result, double twinCpu) {
        figures.add(key + "_rps", result.perSecond(), "sends a second, each sealed for two devices");
        figures.add(key + "_closed_p99_ms", result.p99(), "99th percentile of the same, in a closed loop");
        figures.add(key + "_cpu_us", result.cpu(), "processor time of the gateway for each such send");
        figures.add(key + "_twin_cpu_us", twinCpu, "processor time of the twin for each such send");
    }

    private static Client client(Server gateway) {
        return new Client(gateway.uri(), InetAddress.getLoopbackAddress());
    }

    static String own(int account) {
        return "62811100%05d".formatted(account);
    }

    private static String peer(int account, int chat) {
        return "628222%03d%04d".formatted(account, chat);
    }

    private static Map<String, String> headers(int account) {
        var headers = new HashMap<>(Bench.AUTHORIZED);
        headers.put("X-Device-Id", "bench-" + account);
        return headers;
    }

    /** Links one account, and waits until it is connected. */
    static void pair(Client caller, TwinControl control, int account) throws Exception {
        control.post("/phones", Map.of("number", own(account)));
        var id = "bench-" + account;
        results(caller, Client.request("POST", "/devices", Bench.AUTHORIZED, "{\"device_id\":\"" + id + "\"}"));
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        control.post(
                "/phones/" + own(account) + "/scan",
                Map.of("qr", code(caller, id, deadline).textValue()));
        while (!results(caller, Client.request("GET", "/devices/" + id + "/status", Bench.AUTHORIZED, ""))
                .path("is_connected")
                .booleanValue()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the account " + id + " did not connect");
            }
            Thread.sleep(50);
        }
    }

    /** The text of the QR code; on a machine that does other work, the gateway may ask the caller to come again. */
    private static JsonNode code(Client caller, String id, long deadline) throws Exception {
        while (true) {
            var reply = JSON.readTree(
                    caller.answer(Client.request("GET", "/devices/" + id + "/login", Bench.AUTHORIZED, "")));
            if (reply.path("code").asText().equals("SUCCESS")) {
                return reply.path("results").get("qr_text");
            }
            if (!reply.path("code").asText().equals("SERVICE_UNAVAILABLE") || System.nanoTime() > deadline) {
                throw new IllegalStateException("the gateway answered " + reply);
            }
            System.out.println(
                    id + " is asked for again: " + reply.path("message").asText());
            Thread.sleep(1_000);
        }
    }

    /** Links one account, and lets a phone of each of its chats write first. */
    private static void link(Client caller, TwinControl control, int account) throws Exception {
        pair(caller, control, account);
        for (int chat = 0; chat < CHATS_OF_ONE; chat++) {
            control.post("/phones", Map.of("number", peer(account, chat)));
            control.send(peer(account, chat), own(account), "hello");
        }
        control.send(own(account), peer(account, 0), "hello");
    }

    static JsonNode results(Client caller, byte[] request) throws Exception {
        var reply = JSON.readTree(caller.answer(request));
        if (!reply.path("code").asText().equals("SUCCESS")) {
            throw new IllegalStateException("the gateway answered " + reply);
        }
        return reply.path("results");
    }

    private static Result load(Server gateway, int accounts, int clients, int seconds) throws Exception {
        var requests = requests(accounts);
        IntFunction<byte[]> request = i -> requests.get(i % requests.size());
        var next = new AtomicInteger();
        var took = new ConcurrentLinkedQueue<Long>();
        var failures = new ConcurrentLinkedQueue<String>();
        long before = gateway.cpuMicros();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        var threads = IntStream.range(0, clients)
                .mapToObj(c -> Thread.ofPlatform().start(() -> send(gateway.uri(), request, next, end, took, failures)))
                .toList();
        for (var thread : threads) {
            thread.join();
        }
        if (!failures.isEmpty() || took.isEmpty()) {
            throw new IllegalStateException("not sent: " + failures.peek());
        }
        long[] nanos = took.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(nanos);
        return new Result(
                nanos.length / (double) seconds,
                nanos[nanos.length * 99 / 100] / 1e6,
                (gateway.cpuMicros() - before) / (double) nanos.length);
    }

    /** A message to each chat of each account. */
    private static List<byte[]> requests(int accounts) {
        return IntStream.range(0, accounts * CHATS_OF_ONE)
                .mapToObj(i -> Client.request(
                        "POST",
                        "/send/message",
                        headers(i % accounts),
                        Bench.MESSAGE.replace("62812345RECIPIENT", peer(i % accounts, i / accounts))))
                .toList();
    }

    /** One client in a closed loop. A reply that does not say that WhatsApp has the message ends the load. */
    private static void send(
            URI gateway,
            IntFunction<byte[]> request,
            AtomicInteger next,
            long end,
            ConcurrentLinkedQueue<Long> took,
            ConcurrentLinkedQueue<String> failures) {
        try (var client = new Client(gateway, InetAddress.getLoopbackAddress())) {
            while (failures.isEmpty()) {
                long begin = System.nanoTime();
                if (begin > end) {
                    return;
                }
                var reply = client.answer(request.apply(next.getAndIncrement()));
                if (reply.contains("Message sent to")) {
                    took.add(System.nanoTime() - begin);
                } else {
                    failures.add(reply);
                }
            }
        } catch (java.io.IOException e) {
            failures.add(e.toString());
        }
    }
}
