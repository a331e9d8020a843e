package gateway.bench;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/**
 * Many linked accounts of the web engine in one process: what they cost at rest, how soon all are back after WhatsApp's
 * servers have restarted, and what a thousand connections leave behind. For a restart the twin closes every connection
 * and refuses each new one for a while.
 */
final class WebAccountsBench {
    private static final int ACCOUNTS = Integer.getInteger("bench.accounts", 500);
    private static final int FEW = Math.min(20, ACCOUNTS / 5);
    /** The heap is given back after ten quiet seconds. */
    private static final int REST_SECONDS = 30;

    private static final int OUTAGE_SECONDS = 5;
    private static final int MAX_BACK_SECONDS = 180;
    /** A connection counts as settled after 30 s; the next end is then no further failure. */
    private static final int SETTLE_SECONDS = 35;

    private final Figures figures;
    private final Path folder;

    WebAccountsBench(Figures figures, Path folder) {
        this.figures = figures;
        this.folder = folder;
    }

    void run() throws Exception {
        var place = Files.createDirectory(folder.resolve("accounts"));
        try (var twin = BenchTwin.start()) {
            var settings = new HashMap<>(Bench.SETTINGS);
            settings.putAll(twin.settings());
            settings.put("WHATSAPP_JAVA_OPTS", "-XX:-DisableAttachMechanism");
            try (var gateway = Server.gateway(place, settings);
                    var caller = client(gateway)) {
                link(twin, caller, 0, FEW);
                rest(caller, REST_SECONDS);
                long few = gateway.liveHeapKilobytes();
                link(twin, caller, FEW, ACCOUNTS);
                rest(caller, REST_SECONDS);
                figures.add(
                        "web_" + ACCOUNTS + "_rss_mb",
                        gateway.residentMegabytes(),
                        "resident memory with so many linked accounts, half a minute after the last");
                long cpu = gateway.cpuMicros();
                rest(caller, REST_SECONDS);
                figures.add(
                        "web_" + ACCOUNTS + "_idle_cpu_percent",
                        (gateway.cpuMicros() - cpu) / (REST_SECONDS * 10_000.0),
                        "share of one processor that they need at rest");
                long all = gateway.liveHeapKilobytes();
                figures.add(
                        "web_idle_kb",
                        (all - few) / (double) (ACCOUNTS - FEW),
                        "live heap of a further linked account at rest");
                restart(twin, caller);
                cycles(twin, gateway, caller, all);
            }
            try (var gateway = Server.gateway(place, settings);
                    var caller = client(gateway)) {
                figures.add(
                        "web_" + ACCOUNTS + "_ready_ms",
                        gateway.readyMillis(),
                        "start to the first 200 of /readyz, with all accounts");
                long ready = System.nanoTime();
                back(caller);
                figures.add(
                        "web_" + ACCOUNTS + "_start_s",
                        (System.nanoTime() - ready) / 1e9,
                        "from then until all are connected");
            }
        }
        starts();
    }

    /** A hundred accounts that log in at once may keep a caller waiting. */
    private static Client client(Server gateway) {
        return new Client(gateway.uri(), InetAddress.getLoopbackAddress(), 60_000);
    }

    /** Waits; the server does not keep the caller's connection for so long. */
    private static void rest(Client caller, int seconds) throws Exception {
        caller.close();
        Thread.sleep(seconds * 1_000L);
    }

    private static void link(BenchTwin twin, Client caller, int from, int to) throws Exception {
        for (int account = from; account < to; account++) {
            WebBench.pair(caller, twin.control(), account);
            if ((account + 1) % 50 == 0) {
                System.out.println((account + 1) + " accounts are linked");
            }
        }
    }

    private void restart(BenchTwin twin, Client caller) throws Exception {
        long before =
                logins(twin, 0).values().stream().mapToLong(Long::longValue).sum();
        twin.control().fault("refuse_upgrade", "503");
        twin.control().post("/disconnect", Map.of());
        Thread.sleep(OUTAGE_SECONDS * 1_000L);
        long again = Instant.now().getEpochSecond();
        long began = System.nanoTime();
        twin.control().fault("refuse_upgrade", "");
        back(caller);
        figures.add(
                "web_reconnect_s",
                (System.nanoTime() - began) / 1e9,
                "until all are connected, after " + OUTAGE_SECONDS + " s without a server");
        var logins = logins(twin, again);
        figures.add(
                "web_reconnect_most_logins_s",
                logins.values().stream().mapToLong(Long::longValue).max().orElse(0),
                "logins in the busiest second of the same");
        System.out.println(before + " logins before the restart, then by second " + logins);
    }

    /** By second, how many logins the twin has seen since then. */
    private static Map<Long, Long> logins(BenchTwin twin, long since) {
        var bySecond = new TreeMap<Long, Long>();
        twin.control()
                .entries()
                .filter(entry -> entry.get("what").asText().equals("login"))
                .map(entry -> Instant.parse(entry.get("at").asText()).getEpochSecond())
                .filter(second -> second >= since)
                .forEach(second -> bySecond.merge(second - since, 1L, Long::sum));
        return bySecond;
    }

    private static void back(Client caller) throws Exception {
        long deadline = System.nanoTime() + MAX_BACK_SECONDS * 1_000_000_000L;
        while (connected(caller) < ACCOUNTS) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("only " + connected(caller) + " of " + ACCOUNTS + " are connected");
            }
            Thread.sleep(250);
        }
    }

    private static long connected(Client caller) throws Exception {
        var devices = WebBench.results(caller, Client.request("GET", "/devices", Bench.AUTHORIZED, ""));
        return StreamSupport.stream(devices.spliterator(), false)
                .filter(device -> device.path("state").asText().equals("logged_in"))
                .count();
    }

    private void cycles(BenchTwin twin, Server gateway, Client caller, long before) throws Exception {
        int rounds = Math.ceilDiv(1_000, ACCOUNTS);
        for (int round = 0; round < rounds; round++) {
            rest(caller, SETTLE_SECONDS);
            twin.control().post("/disconnect", Map.of());
            Thread.sleep(1_000);
            back(caller);
        }
        rest(caller, REST_SECONDS);
        figures.add(
                "web_cycles_grown_kb",
                gateway.liveHeapKilobytes() - before,
                "growth of the live heap by " + rounds * ACCOUNTS + " connections, closed and opened again");
        figures.add("web_cycles_rss_mb", gateway.residentMegabytes(), "resident memory after them");
    }

    private void starts() throws Exception {
        var one = Files.createDirectory(folder.resolve("one"));
        try (var twin = BenchTwin.start()) {
            var settings = new HashMap<>(Bench.SETTINGS);
            settings.putAll(twin.settings());
            try (var gateway = Server.gateway(one, settings);
                    var caller = client(gateway)) {
                link(twin, caller, 0, 1);
            }
            var ready = new ArrayList<Double>();
            for (int start = 0; start < 5; start++) {
                try (var gateway = Server.gateway(one, settings)) {
                    ready.add(gateway.readyMillis());
                }
            }
            figures.add("web_ready_ms", Figures.median(ready), "the same with one linked account");
        }
    }
}
