package gateway.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Two images side by side, in alternating rounds of one run: what a change costs or brings. The other image's tree is
 * named by the environment variable {@code BEFORE}. Each ratio is the median over the rounds of this image's figure by
 * the other one's.
 */
final class BesideBench {
    private static final int STARTS = 11;
    private static final int ROUNDS = 7;
    private static final int ROUND_SECONDS = 4;
    private static final int WARM_UP_SECONDS = 20;

    private BesideBench() {}

    static void run(Figures figures, Path folder) throws Exception {
        var named = System.getenv("BEFORE");
        if (named == null || !Files.isExecutable(Path.of(named, "whatsapp"))) {
            throw new IllegalArgumentException("BEFORE must name another image's tree, for instance"
                    + " BEFORE=../before/target/image/opt/whatsapp");
        }
        var images = new LinkedHashMap<String, Path>();
        images.put("before", Path.of(named).toAbsolutePath());
        images.put("now", Server.IMAGE);
        starts(figures, folder, images);
        loads(figures, folder, images);
    }

    private static void starts(Figures figures, Path folder, Map<String, Path> images) throws Exception {
        var ready = new HashMap<String, List<Double>>();
        var cpu = new HashMap<String, List<Double>>();
        var idle = new HashMap<String, List<Double>>();
        for (int start = 0; start <= STARTS; start++) {
            for (var image : images.entrySet()) {
                var place = Files.createDirectories(folder.resolve("starts-" + image.getKey()));
                try (var gateway = Server.gateway(image.getValue(), place, Bench.SETTINGS)) {
                    // The first start makes the database.
                    if (start > 0) {
                        add(ready, image.getKey(), gateway.readyMillis());
                        add(cpu, image.getKey(), gateway.cpuMicros() / 1e3);
                        Thread.sleep(5_000);
                        add(idle, image.getKey(), gateway.residentMegabytes());
                    }
                }
            }
        }
        ratio(figures, "ready_ms", ready);
        ratio(figures, "ready_cpu_ms", cpu);
        ratio(figures, "rss_idle_mb", idle);
    }

    private static void loads(Figures figures, Path folder, Map<String, Path> images) throws Exception {
        var accepting = new HashMap<>(Bench.SETTINGS);
        accepting.put("WHATSAPP_SEND_WAIT", "0s");
        var servers = new ArrayList<Server>();
        try {
            var loads = new LinkedHashMap<String, Map<String, Load>>();
            for (var image : images.entrySet()) {
                var sends = Server.gateway(
                        image.getValue(),
                        Files.createDirectory(folder.resolve("sends-" + image.getKey())),
                        Bench.SETTINGS);
                servers.add(sends);
                var queue = Server.gateway(
                        image.getValue(), Files.createDirectory(folder.resolve("queue-" + image.getKey())), accepting);
                servers.add(queue);
                Bench.pair(sends.uri());
                Bench.pair(queue.uri());
                Bench.drop(queue.uri());
                ReadsBench.seed(sends, ReadsBench.sqlite(folder.resolve("sends-" + image.getKey())));
                for (var read : ReadsBench.READS.entrySet()) {
                    put(loads, read.getKey(), image.getKey(), ReadsBench.load(sends, read.getValue()));
                }
                put(loads, "auth_get", image.getKey(), Load.get(sends, "/app/status", Bench.AUTHORIZED));
                put(
                        loads,
                        "durable_post",
                        image.getKey(),
                        Load.post(queue, "/send/message", Bench.AUTHORIZED, Bench.MESSAGE));
                put(
                        loads,
                        "sent_post",
                        image.getKey(),
                        Load.post(sends, "/send/message", Bench.AUTHORIZED, Bench.MESSAGE));
            }
            for (var load : loads.values()) {
                for (var side : load.values()) {
                    side.run(WARM_UP_SECONDS);
                }
            }
            for (var load : loads.entrySet()) {
                var rates = new HashMap<String, List<Double>>();
                var cpu = new HashMap<String, List<Double>>();
                var tails = new HashMap<String, List<Double>>();
                for (int round = 0; round < ROUNDS; round++) {
                    for (var side : load.getValue().entrySet()) {
                        var result = side.getValue().run(ROUND_SECONDS);
                        add(rates, side.getKey(), result.perSecond());
                        add(cpu, side.getKey(), result.cpuMicros());
                        add(tails, side.getKey(), result.p99Millis());
                    }
                }
                ratio(figures, load.getKey() + "_rps", rates);
                ratio(figures, load.getKey() + "_cpu_us", cpu);
                ratio(figures, load.getKey() + "_p99_ms", tails);
            }
            var loaded = new HashMap<String, List<Double>>();
            add(loaded, "before", servers.get(0).residentMegabytes());
            add(loaded, "now", servers.get(2).residentMegabytes());
            ratio(figures, "rss_loaded_mb", loaded);
        } finally {
            servers.forEach(Server::close);
        }
    }

    private static void put(Map<String, Map<String, Load>> loads, String load, String image, Load value) {
        loads.computeIfAbsent(load, name -> new LinkedHashMap<>()).put(image, value);
    }

    private static void add(Map<String, List<Double>> values, String image, double value) {
        values.computeIfAbsent(image, name -> new ArrayList<>()).add(value);
    }

    private static void ratio(Figures figures, String name, Map<String, List<Double>> values) {
        var before = values.get("before");
        var now = values.get("now");
        var ratios = new ArrayList<Double>();
        for (int i = 0; i < now.size(); i++) {
            ratios.add(now.get(i) / before.get(i));
        }
        figures.add("beside_" + name + "_before", Figures.median(before), "the other image");
        figures.add("beside_" + name, Figures.median(now), "this image");
        figures.add("beside_" + name + "_ratio", Figures.median(ratios), "of the other image's, median of the rounds");
    }
}
