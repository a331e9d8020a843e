package gateway.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * {@code make bench}: measures the image, and a bare server beside it, so that a figure can be read against what the
 * framework does on the same machine in the same minutes. To add a figure: measure, {@link Figures#add}.
 */
final class Bench {
    private static final int STARTS = 7;
    private static final int ROUNDS = 3;
    private static final int ROUND_SECONDS = 5;
    /** The compiler works beside the load until about here; a shorter warm-up measures the compiler. */
    private static final int WARM_UP_SECONDS = 15;

    private static final String CREDENTIAL = "bench:bench-7f3c19a2e4d8";
    private static final Map<String, String> AUTHORIZED = Map.of("Authorization",
            "Basic " + Base64.getEncoder().encodeToString(CREDENTIAL.getBytes(StandardCharsets.UTF_8)));
    /** The gateway as shipped but for its rate limit, which would be what is measured. */
    private static final Map<String, String> SETTINGS = Map.of(
            "APP_BASIC_AUTH", CREDENTIAL, "APP_METRICS_PORT", "0", "APP_RATE_LIMIT", "off");
    private static final String MESSAGE = """
            {"phone":"6281234567890","message":"%s"}""".formatted("The order is on its way. ".repeat(6));

    private final Figures figures = new Figures();

    private Bench() {
    }

    public static void main(String[] args) throws Exception {
        var bench = new Bench();
        bench.starts();
        bench.loads();
        System.out.println();
        System.out.print(bench.figures.table());
        bench.figures.write(Path.of("target/bench.json"));
    }

    private void starts() throws Exception {
        System.out.println("Starting the gateway " + STARTS + " times");
        var ready = new ArrayList<Double>();
        var cpu = new ArrayList<Double>();
        for (int start = 0; start < STARTS; start++) {
            try (var gateway = Server.gateway(SETTINGS)) {
                ready.add(gateway.readyMillis());
                cpu.add(gateway.cpuMicros() / 1e3);
            }
        }
        figures.add("ready_ms", Figures.median(ready), "start of the process to the first 200 of /readyz");
        figures.add("ready_cpu_ms", Figures.median(cpu), "CPU time of the same; a busy machine changes it less");
        try (var gateway = Server.gateway(SETTINGS)) {
            Thread.sleep(5_000);
            figures.add("rss_idle_mb", gateway.residentMegabytes(), "resident memory, 5 s after a start");
        }
    }

    private void loads() throws Exception {
        try (var bare = Server.bare(); var gateway = Server.gateway(SETTINGS)) {
            pair(gateway.uri());
            var loads = new LinkedHashMap<String, Load>();
            loads.put("bare_get", Load.get(bare, "/", Map.of()));
            loads.put("bare_post", Load.post(bare, "/", Map.of(), MESSAGE));
            loads.put("auth_get", Load.get(gateway, "/app/status", AUTHORIZED));
            loads.put("durable_post", Load.post(gateway, "/send/message", AUTHORIZED, MESSAGE));

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
            ratio("auth_get", results, "bare_get");
            ratio("durable_post", results, "bare_post");
            figures.add("rss_loaded_mb", gateway.residentMegabytes(), "resident memory, after all of the load");
        }
    }

    private void add(String name, List<Load.Result> rounds) {
        figures.add(name + "_rps", median(rounds, Load.Result::perSecond), "requests per second, 64 connections");
        figures.add(name + "_p99_ms", median(rounds, Load.Result::p99Millis), "99th percentile of latency");
        figures.add(name + "_cpu_us", median(rounds, Load.Result::cpuMicros), "CPU time of the server per request");
    }

    /** How much of the bare server's rate is left, round by round, so that a busy neighbour slows both sides. */
    private void ratio(String name, Map<String, List<Load.Result>> results, String bare) {
        var percent = new ArrayList<Double>();
        for (int round = 0; round < ROUNDS; round++) {
            percent.add(100 * results.get(name).get(round).perSecond() / results.get(bare).get(round).perSecond());
        }
        figures.add(name + "_percent", Figures.median(percent), "of " + bare + " in the same round");
    }

    private static double median(List<Load.Result> rounds, ToDoubleFunction<Load.Result> part) {
        return Figures.median(rounds.stream().map(part::applyAsDouble).toList());
    }

    /** Puts the sandbox's session in the state in which it sends. */
    private static void pair(URI gateway) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            call(client, HttpRequest.newBuilder(gateway.resolve("/app/login")));
            call(client, HttpRequest.newBuilder(gateway.resolve("/sandbox/pair"))
                    .POST(HttpRequest.BodyPublishers.ofString("{}")).header("Content-Type", "application/json"));
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
