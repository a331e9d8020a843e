package gateway.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

import gateway.messaging.BacklogBench;

/**
 * {@code make bench}: measures the image, and a bare server beside it, so that a figure can be read against what the
 * framework does on the same machine in the same minutes. To add a figure: measure, {@link Figures#add}. Arguments: the
 * parts to measure; all but {@code backlog}, {@code instances}, {@code beside}, {@code web} and {@code accounts} when there are none.
 */
final class Bench {
    private static final List<String> PARTS =
            List.of("starts", "loads", "reads", "paced", "webhooks", "entrance", "flood", "failover");
    private static final int STARTS = 7;
    private static final int ROUNDS = 3;
    private static final int ROUND_SECONDS = 5;
    /** The compiler works beside the load until about here; a shorter warm-up measures the compiler. */
    private static final int WARM_UP_SECONDS = 25;

    private static final int OPEN_LOOP_PER_SECOND = 500;
    /** The first and the last round of a load of the web engine; the last one counts. */
    private static final int WEB_SECONDS = Integer.getInteger("bench.web.seconds", 8);

    private static final int BACKLOG = 1_000_000;

    static final String CREDENTIAL = "bench:bench-7f3c19a2e4d8";
    static final Map<String, String> AUTHORIZED = Map.of(
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString(CREDENTIAL.getBytes(StandardCharsets.UTF_8)));
    /** The gateway as shipped but for its rate limit, which would be what is measured. */
    static final Map<String, String> SETTINGS =
            Map.of("APP_BASIC_AUTH", CREDENTIAL, "APP_METRICS_PORT", "0", "APP_RATE_LIMIT", "off");

    static final String MESSAGE = """
            {"phone":"62812345RECIPIENT","message":"%s"}""".formatted("The order is on its way. ".repeat(6));

    private final Figures figures = new Figures();
    private final Path folder;

    private Bench(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] args) throws Exception {
        var folder = Files.createTempDirectory("bench");
        var bench = new Bench(folder);
        try {
            for (var part : args.length == 0 ? PARTS : List.of(args)) {
                System.out.println("Measuring: " + part);
                bench.measure(part);
            }
        } finally {
            delete(folder);
        }
        System.out.println();
        System.out.print(bench.figures.table());
        bench.figures.write(Path.of("target/bench.json"));
    }

    private void measure(String part) throws Exception {
        switch (part) {
            case "starts" -> starts();
            case "loads" -> loads();
            case "reads" -> new ReadsBench(figures, folder).run();
            case "mixed" -> new ReadsBench(figures, folder).mixed();
            case "paced" -> paced();
            case "webhooks" -> WebhookBench.run(figures);
            case "entrance" -> new AuthBench(figures, folder).run();
            case "flood" -> FloodBench.run(figures, folder);
            case "failover" -> FailoverBench.run(figures, folder);
            case "backlog" -> backlog();
            case "instances" -> InstancesBench.run(figures, folder);
            case "web" -> new WebBench(figures, folder, WEB_SECONDS).run();
            case "accounts" -> new WebAccountsBench(figures, folder).run();
            case "beside" -> BesideBench.run(figures, folder);
            default ->
                throw new IllegalArgumentException(part + " is no part of the bench; there are " + PARTS
                        + ", backlog, instances, beside, web and accounts");
        }
    }

    private void starts() throws Exception {
        System.out.println("Starting the gateway " + STARTS + " times");
        var ready = new ArrayList<Double>();
        var cpu = new ArrayList<Double>();
        // The first start makes the database; those that are measured find it.
        Server.gateway(folder, SETTINGS).close();
        for (int start = 0; start < STARTS; start++) {
            try (var gateway = Server.gateway(folder, SETTINGS)) {
                ready.add(gateway.readyMillis());
                cpu.add(gateway.cpuMicros() / 1e3);
            }
        }
        figures.add(
                "ready_ms",
                Figures.median(ready),
                "start of the process to the first 200 of /readyz, on an existing database");
        figures.add("ready_cpu_ms", Figures.median(cpu), "CPU time of the same; a busy machine changes it less");
        try (var gateway = Server.gateway(folder, SETTINGS)) {
            Thread.sleep(5_000);
            figures.add("rss_idle_mb", gateway.residentMegabytes(), "resident memory, 5 s after a start");
        }
    }

    /**
     * What the loads are: {@code row_insert} is {@link RawInsertServer}, one row behind Helidon's bare handler;
     * {@code raw_insert} is {@link RawMessageServer}, a message's row behind the gateway's own; {@code durable_post} is
     * a message accepted, with the line to WhatsApp down, so that the engine's own work is not in it; {@code sent_post}
     * is answered after the sandbox took it, and its receipts are stored beside.
     */
    private void loads() throws Exception {
        var accepting = new HashMap<>(SETTINGS);
        accepting.put("WHATSAPP_SEND_WAIT", "0s");
        try (var bare = Server.bare(folder);
                var row = Server.row(folder.resolve("row"));
                var raw = Server.raw(folder.resolve("raw"), CREDENTIAL);
                var gateway = Server.gateway(folder, SETTINGS);
                var queue = Server.gateway(Files.createDirectory(folder.resolve("queue")), accepting)) {
            pair(gateway.uri());
            pair(queue.uri());
            drop(queue.uri());
            var loads = new LinkedHashMap<String, Load>();
            // What is read against one another stands side by side: a machine's minutes are not alike.
            loads.put("bare_get", Load.get(bare, "/", Map.of()));
            loads.put("auth_get", Load.get(gateway, "/app/status", AUTHORIZED));
            loads.put("bare_post", Load.post(bare, "/", Map.of(), MESSAGE));
            loads.put("durable_post", Load.post(queue, "/send/message", AUTHORIZED, MESSAGE));
            loads.put("raw_insert", Load.post(raw, "/send/message", AUTHORIZED, MESSAGE));
            loads.put("row_insert", Load.post(row, "/", Map.of(), MESSAGE));
            loads.put("sent_post", Load.post(gateway, "/send/message", AUTHORIZED, MESSAGE));

            for (var load : loads.entrySet()) {
                System.out.println("Warming up " + load.getKey());
                load.getValue().run(WARM_UP_SECONDS);
            }
            var results = new LinkedHashMap<String, List<Load.Result>>();
            for (int round = 1; round <= ROUNDS; round++) {
                System.out.println("Round " + round + " of " + ROUNDS);
                for (var load : loads.entrySet()) {
                    results.computeIfAbsent(load.getKey(), name -> new ArrayList<>())
                            .add(load.getValue().run(ROUND_SECONDS));
                }
            }
            results.forEach(this::add);
            ratio("auth_get_percent", "auth_get", results, "bare_get");
            ratio("durable_post_percent", "durable_post", results, "bare_post");
            ratio("durable_post_of_raw_percent", "durable_post", results, "raw_insert");
            ratio("durable_post_of_row_percent", "durable_post", results, "row_insert");
            ratio("sent_post_percent", "sent_post", results, "bare_post");
            figures.add("rss_loaded_mb", gateway.residentMegabytes(), "resident memory, after all of the load");
        }
    }

    private void paced() throws Exception {
        var requests = IntStream.range(0, 999)
                .mapToObj(i -> Client.request(
                        "POST", "/send/message", AUTHORIZED, MESSAGE.replace("RECIPIENT", String.valueOf(10001 + i))))
                .toList();
        try (var gateway = Server.gateway(Files.createDirectory(folder.resolve("paced")), SETTINGS)) {
            pair(gateway.uri());
            OpenLoop.run(
                    gateway.uri(), i -> requests.get(i % requests.size()), 2 * OPEN_LOOP_PER_SECOND, WARM_UP_SECONDS);
            var result = OpenLoop.run(
                    gateway.uri(), i -> requests.get(i % requests.size()), OPEN_LOOP_PER_SECOND, 2 * ROUND_SECONDS);
            figures.add(
                    "sent_post_p50_ms_at_500",
                    result.p50Millis(),
                    "sent POST at 500 a second whatever comes back, median from when each was due");
            figures.add("sent_post_p99_ms_at_500", result.p99Millis(), "99th percentile of the same");
            figures.add("sent_post_good_at_500", result.good(), "per cent of the same answered 200");
        }
    }

    /** What a million waiting messages, and then a million waiting deliveries, change. */
    private void backlog() throws Exception {
        var place = Files.createDirectory(folder.resolve("backlog"));
        var database = place.resolve("storages/whatsapp.db");
        double empty;
        try (var gateway = Server.gateway(place, SETTINGS)) {
            pair(gateway.uri());
            // Sending them would be a load of its own, and is measured as one.
            drop(gateway.uri());
        }
        try (var gateway = Server.gateway(place, SETTINGS)) {
            Thread.sleep(10_000);
            empty = gateway.residentMegabytes();
        }
        BacklogBench.fill(database, BACKLOG);
        figures.add(
                "claim_p99_ms_at_1m",
                BacklogBench.readP99(database, BACKLOG),
                "the sender's reading of 256 messages while a million wait");
        try (var gateway = Server.gateway(place, SETTINGS)) {
            figures.add(
                    "ready_ms_at_1m",
                    gateway.readyMillis(),
                    "start of the process to the first 200 of /readyz, with a million messages waiting");
            Thread.sleep(10_000);
            figures.add(
                    "rss_added_mb_at_1m",
                    gateway.residentMegabytes() - empty,
                    "resident memory, over the same with none");
        }
        new ReadsBench(figures, Files.createDirectory(folder.resolve("longest"))).longest(BACKLOG);
        figures.add(
                "webhook_claim_p99_ms_at_1m",
                WebhookBench.claimP99(BACKLOG),
                "a lane's claim of 64 deliveries while a million wait");
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void add(String name, List<Load.Result> rounds) {
        figures.add(name + "_rps", median(rounds, Load.Result::perSecond), "requests per second, 64 connections");
        figures.add(name + "_p99_ms", median(rounds, Load.Result::p99Millis), "99th percentile of latency");
        figures.add(name + "_cpu_us", median(rounds, Load.Result::cpuMicros), "CPU time of the server per request");
    }

    /** How much of the bare server's rate is left, round by round, so that a busy neighbour slows both sides. */
    private void ratio(String key, String name, Map<String, List<Load.Result>> results, String bare) {
        var percent = new ArrayList<Double>();
        for (int round = 0; round < ROUNDS; round++) {
            percent.add(100
                    * results.get(name).get(round).perSecond()
                    / results.get(bare).get(round).perSecond());
        }
        figures.add(key, Figures.median(percent), "of " + bare + " in the same round");
    }

    private static double median(List<Load.Result> rounds, ToDoubleFunction<Load.Result> part) {
        return Figures.median(rounds.stream().map(part::applyAsDouble).toList());
    }

    /** Puts the sandbox's session in the state in which it sends. */
    static void pair(URI gateway) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            call(client, HttpRequest.newBuilder(gateway.resolve("/app/login")));
            call(
                    client,
                    HttpRequest.newBuilder(gateway.resolve("/sandbox/pair"))
                            .POST(HttpRequest.BodyPublishers.ofString("{}"))
                            .header("Content-Type", "application/json"));
        }
    }

    /** Takes the sandbox's line down: what is accepted from now on stays queued. */
    static void drop(URI gateway) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            call(
                    client,
                    HttpRequest.newBuilder(gateway.resolve("/sandbox/drop"))
                            .POST(HttpRequest.BodyPublishers.ofString("{}"))
                            .header("Content-Type", "application/json"));
        }
    }

    private static void call(HttpClient client, HttpRequest.Builder request) throws Exception {
        AUTHORIZED.forEach(request::header);
        HttpResponse<String> reply = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (reply.statusCode() != 200) {
            throw new IllegalStateException(reply.uri() + " answered " + reply.statusCode() + ": " + reply.body());
        }
    }
}
