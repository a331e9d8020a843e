package gateway.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import gateway.auth.Argon2;

/** What a flood of bad logins does to somebody who was let in before it began. */
final class FloodBench {
    private static final int PER_SECOND = 3_000;
    private static final int ADDRESSES = 50;
    private static final int SECONDS = 15;
    private static final String PASSWORD = "nine wet otters argue over one umbrella";

    private FloodBench() {}

    static void run(Figures figures, Path folder) throws Exception {
        var settings = Map.of(
                "APP_BASIC_AUTH",
                "bench:" + Argon2.of(PASSWORD.toCharArray()),
                "APP_METRICS_PORT",
                "0",
                "APP_RATE_LIMIT",
                "off");
        var good = AuthBench.basic("bench", PASSWORD);
        try (var gateway = Server.gateway(Files.createDirectory(folder.resolve("flooded")), settings)) {
            var request = Client.request("GET", "/app/status", Map.of("Authorization", good), "");
            OpenLoop.run(gateway.uri(), i -> request, 4_000, SECONDS);
            var quiet = KnownClient.run(gateway.uri(), good, SECONDS);
            figures.add(
                    "flood_quiet_p99_ms",
                    quiet.p99Millis(),
                    "a known client's 99th percentile before the flood, 200 requests a second");
            try (var flood = new Flood(gateway.uri(), ADDRESSES, PER_SECOND)) {
                // As with every load: the compiler's work on the paths of refusal is not what is measured. The known
                // client warms itself up in the same time.
                Thread.sleep(5_000);
                int before = flood.answered();
                long hashing = gateway.cpuMicros("password-hash");
                long start = System.nanoTime();
                // Each address has ten guesses before it has to wait: so long the hashing goes on.
                var first = KnownClient.run(gateway.uri(), good, SECONDS);
                double micros = (System.nanoTime() - start) / 1e3;
                figures.add(
                        "flood_hash_cores",
                        (gateway.cpuMicros("password-hash") - hashing) / micros,
                        "cores busy with hashing passwords at its beginning");
                figures.add("flood_first_p99_ms", first.p99Millis(), "the known client's 99th percentile meanwhile");
                var flooded = KnownClient.run(gateway.uri(), good, SECONDS);
                micros = (System.nanoTime() - start) / 1e3;
                figures.add(
                        "flood_per_s",
                        (flood.answered() - before) * 1e6 / micros,
                        "bad logins a second, from 50 addresses");
                figures.add(
                        "flood_good_success",
                        Math.min(first.good(), flooded.good()),
                        "per cent of the known client's requests answered 200");
                figures.add("flood_p99_ms", flooded.p99Millis(), "its 99th percentile once the addresses have to wait");
                figures.add(
                        "flood_p99_ratio", flooded.p99Millis() / quiet.p99Millis(), "of the same without the flood");
            }
        }
    }
}
