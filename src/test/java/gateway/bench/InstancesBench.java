package gateway.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** What an instance of the Admin API costs, twenty of them on this machine at once. */
final class InstancesBench {
    private static final int INSTANCES = 20;
    private static final int FIRST_PORT = 4_001;
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final Figures figures;
    private final URI admin;

    private InstancesBench(Figures figures, int port) {
        this.figures = figures;
        this.admin = URI.create("http://127.0.0.1:" + port);
    }

    static void run(Figures figures, Path folder) throws Exception {
        var place = Files.createDirectory(folder.resolve("instances"));
        int port = freePort();
        var builder = new ProcessBuilder(Server.IMAGE + "/whatsapp", "admin", "--port", "" + port)
                .directory(place.toFile())
                .redirectErrorStream(true)
                .redirectOutput(place.resolve("admin.log").toFile());
        builder.environment().put("ADMIN_TOKEN", TOKEN);
        builder.environment().put("ADMIN_METRICS_PORT", "0");
        var process = builder.start();
        var bench = new InstancesBench(figures, port);
        try {
            bench.awaitAdmin(process);
            bench.measure(process.pid());
        } finally {
            bench.removeAll();
            process.destroy();
            process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
        }
    }

    private void measure(long adminPid) throws Exception {
        var starts = new ArrayList<Double>();
        var pids = new ArrayList<Long>();
        for (int i = 0; i < INSTANCES; i++) {
            var began = System.nanoTime();
            pids.add(call("POST", "/admin/instances", "{\"port\":" + (FIRST_PORT + i) + "}")
                    .path("data")
                    .path("pid")
                    .longValue());
            starts.add((System.nanoTime() - began) / 1e6);
        }
        Thread.sleep(5_000);
        figures.add("instances", pids.size(), "instances at once, each a process with a database of its own");
        figures.add(
                "instance_start_ms",
                Figures.median(starts),
                "POST /admin/instances until it answers 201, median; a new database each");
        figures.add(
                "instance_start_worst_ms",
                starts.stream().max(Comparator.naturalOrder()).orElseThrow(),
                "the slowest of them");
        figures.add("instance_rss_mb", memory(pids, "Rss"), "resident memory of an instance, median, idle");
        figures.add(
                "instance_pss_mb",
                memory(pids, "Pss"),
                "its share of it: pages that several map are divided among them");
        figures.add("instance_private_mb", memory(pids, "Private_Dirty"), "memory that is an instance's alone, median");
        figures.add("admin_rss_mb", memory(List.of(adminPid), "Rss"), "resident memory of the Admin API");
    }

    private static double memory(List<Long> pids, String part) throws IOException {
        var all = new ArrayList<Double>();
        for (long pid : pids) {
            for (var line : Files.readAllLines(Path.of("/proc", "" + pid, "smaps_rollup"))) {
                if (line.startsWith(part + ":")) {
                    all.add(Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e6);
                }
            }
        }
        return Figures.median(all);
    }

    private JsonNode call(String method, String path, String body) throws Exception {
        var reply = client.send(
                HttpRequest.newBuilder(admin.resolve(path))
                        .header("Authorization", "Bearer " + TOKEN)
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
        if (reply.statusCode() >= 300) {
            throw new IllegalStateException(path + " answered " + reply.statusCode() + ": " + reply.body());
        }
        return json.readTree(reply.body());
    }

    private void awaitAdmin(Process process) throws Exception {
        for (int tries = 0; tries < 600 && process.isAlive(); tries++) {
            try {
                call("GET", "/readyz", "");
                return;
            } catch (IOException notYet) {
                Thread.sleep(50);
            }
        }
        throw new IllegalStateException("the Admin API did not start");
    }

    private void removeAll() throws Exception {
        for (var instance : call("GET", "/admin/instances", "").path("data")) {
            call("DELETE", "/admin/instances/" + instance.path("port").intValue(), "");
        }
        client.close();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
