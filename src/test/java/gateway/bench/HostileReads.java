package gateway.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Reads that ask for much, or take their answer slowly: what they cost those who read as one should. */
final class HostileReads {
    private static final int OTHERS_PER_SECOND = 100;
    private static final int SECONDS = 2;
    private static final int AT_ONCE = 100;
    private static final int SLOW_BYTES_PER_SECOND = 1_000;
    private static final AtomicInteger ASKED = new AtomicInteger();

    private HostileReads() {}

    /** Each kind by itself: pages at the ends of what can be asked, a hundred searches of one letter, slow readers. */
    static void run(Figures figures, Server gateway) throws Exception {
        var messages = ReadsBench.READS.get("get_messages_10k");
        var list = messages.substring(0, messages.indexOf('?'));
        var ends = List.of(
                list + "?limit=100&offset=2147483647",
                list + "?limit=2147483647",
                list + "?limit=-1",
                list + "?offset=-1",
                list + "?limit=0",
                "/chats?limit=100&offset=2147483647");
        beside(figures, gateway, "ends", 8, (client, stop, i) -> asking(client, stop, () -> ends.get(i % ends.size())));
        beside(figures, gateway, "search", AT_ONCE, (client, stop, i) -> asking(client, stop, searches(list)));
        beside(figures, gateway, "slow", AT_ONCE, (client, stop, i) -> slowly(gateway, stop, list + "?limit=100"));
    }

    /** A hundred searches of one letter at once, over a chat of a million. */
    static void search(Figures figures, Server gateway, String chat) throws Exception {
        beside(
                figures,
                gateway,
                "search_1m",
                AT_ONCE,
                (client, stop, i) -> asking(client, stop, searches("/chat/" + chat + "/messages")));
    }

    /** Searches of one letter. No two are the same for a while, because a reply is kept for a moment. */
    private static Supplier<String> searches(String list) {
        return () -> list + "?search=e&limit=50&offset=" + ASKED.getAndIncrement() % 5_000;
    }

    /** One hostile client; ends when {@code stop} says so. */
    @FunctionalInterface
    private interface Hostile {
        void run(Client client, BooleanSupplier stop, int number) throws Exception;
    }

    private static void beside(Figures figures, Server gateway, String name, int clients, Hostile hostile)
            throws Exception {
        var others = Client.request("GET", ReadsBench.READS.get("get_chats"), Bench.AUTHORIZED, "");
        OpenLoop.run(gateway.uri(), i -> others, OTHERS_PER_SECOND, 1);
        var alone = OpenLoop.run(gateway.uri(), i -> others, OTHERS_PER_SECOND, SECONDS);
        double memory = gateway.residentMegabytes();
        var stop = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < clients; i++) {
                int number = i;
                running.add(threads.submit(() -> {
                    // An address of its own, as strangers have: what one address may do at once is bounded.
                    var from = InetAddress.getByAddress(new byte[] {127, 0, 1, (byte) (1 + number)});
                    try (var client = new Client(gateway.uri(), from)) {
                        hostile.run(client, stop::get, number);
                    }
                    return null;
                }));
            }
            OpenLoop.Result during;
            try {
                during = OpenLoop.run(gateway.uri(), i -> others, OTHERS_PER_SECOND, SECONDS);
            } finally {
                stop.set(true);
            }
            double added = gateway.residentMegabytes() - memory;
            for (var one : running) {
                one.get();
            }
            figures.add(
                    "hostile_" + name + "_others_p99_ms",
                    during.p99Millis(),
                    "99th percentile of /chats at 100 a second beside it");
            figures.add(
                    "hostile_" + name + "_others_p99_ratio",
                    during.p99Millis() / alone.p99Millis(),
                    "of the same before it");
            figures.add("hostile_" + name + "_others_good", during.good(), "per cent of the same answered 200");
            figures.add("hostile_" + name + "_rss_added_mb", added, "resident memory, over the same before it");
        }
    }

    /** Whatever the answer is: a refusal, 429 and 503 are good answers to such a client. */
    private static void asking(Client client, BooleanSupplier stop, Supplier<String> path) {
        while (!stop.getAsBoolean()) {
            try {
                client.exchange(Client.request("GET", path.get(), Bench.AUTHORIZED, ""));
            } catch (IOException closed) {
                Thread.onSpinWait();
            }
        }
    }

    private static void slowly(Server gateway, BooleanSupplier stop, String path) throws Exception {
        var request = Client.request("GET", path, Bench.AUTHORIZED, "");
        while (!stop.getAsBoolean()) {
            try (var socket = new Socket()) {
                // The least buffer there is, so that the answer waits in the server and not in the kernel.
                socket.setReceiveBufferSize(1_024);
                socket.connect(
                        new InetSocketAddress(
                                gateway.uri().getHost(), gateway.uri().getPort()),
                        2_000);
                socket.getOutputStream().write(request);
                while (!stop.getAsBoolean()
                        && socket.getInputStream().readNBytes(SLOW_BYTES_PER_SECOND / 10).length > 0) {
                    Thread.sleep(100);
                }
            } catch (IOException closed) {
                Thread.sleep(100);
            }
        }
    }
}
