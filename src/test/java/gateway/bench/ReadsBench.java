package gateway.bench;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;

import gateway.database.PostgresForTests;
import gateway.store.Database;

/**
 * The lists that dashboards read all day: 16 kept connections in a closed loop, over 16 chats of 64 messages and one of
 * 10,000. The share is of {@link RawReadServer}, which answers the same bytes behind the same entrance in the same
 * rounds.
 */
final class ReadsBench {
    private static final int CONNECTIONS = 16;
    private static final int CHATS = 16;
    private static final int MESSAGES = 64;
    private static final int LONG_CHAT = 10_000;
    private static final int ROUNDS = 3;
    private static final int ROUND_SECONDS = 2;
    private static final int WARM_UP_SECONDS = 4;
    /** Reads beside the writes: so many a second of each of three lists. */
    private static final int MIXED_PER_SECOND = 200;

    private static final String LONG = "6281234599999@s.whatsapp.net";
    /** Those that a bare handler answers too. */
    private static final List<String> BARE = List.of("get_devices", "get_chats", "get_messages");

    /** The reads by the beginning of their keys; the same paths as in the comparison with the original. */
    static final Map<String, String> READS = reads();

    private final Figures figures;
    private final Path folder;

    ReadsBench(Figures figures, Path folder) {
        this.figures = figures;
        this.folder = folder;
    }

    private static Map<String, String> reads() {
        var reads = new LinkedHashMap<String, String>();
        reads.put("get_devices", "/devices");
        reads.put("get_chats", "/chats?limit=25");
        reads.put("get_messages", "/chat/" + chat(0) + "@s.whatsapp.net/messages?limit=50");
        reads.put("get_messages_10k", "/chat/" + LONG + "/messages?limit=50");
        // A late page, by the place of the row before it.
        reads.put("get_messages_10k_late", "/chat/" + LONG + "/messages?limit=50&before=100_M100");
        return reads;
    }

    private static String chat(int number) {
        return "62812345" + (10001 + number);
    }

    static Load load(Server server, String path) {
        return Load.get(server, path, Bench.AUTHORIZED).over(CONNECTIONS);
    }

    void run() throws Exception {
        var place = Files.createDirectory(folder.resolve("reads"));
        try (var gateway = Server.gateway(place, Bench.SETTINGS)) {
            Bench.pair(gateway.uri());
            seed(gateway, sqlite(place));
            beside(gateway);
            HostileReads.run(figures, gateway);
        }
        mixed();
        postgres();
    }

    /** The gateway's own lists and the bare handlers, round by round. */
    private void beside(Server gateway) throws Exception {
        var place = Files.createDirectory(folder.resolve("replies"));
        for (var name : BARE) {
            Files.writeString(place.resolve(name), answer(gateway, READS.get(name)));
        }
        try (var bare = Server.replies(place, Bench.CREDENTIAL)) {
            var loads = new LinkedHashMap<String, Load>();
            READS.forEach((name, path) -> {
                loads.put(name, load(gateway, path));
                if (BARE.contains(name)) {
                    loads.put("bare_" + name, load(bare, path));
                }
            });
            var results = rounds(loads);
            READS.keySet().forEach(name -> add(name, results.get(name)));
            for (var name : BARE) {
                var share = new ArrayList<Double>();
                for (int round = 0; round < ROUNDS; round++) {
                    share.add(results.get(name).get(round).perSecond()
                            / results.get("bare_" + name).get(round).perSecond());
                }
                figures.add(
                        name + "_share",
                        Figures.median(share),
                        "of the requests per second of a bare handler that answers the same bytes");
            }
            figures.add(
                    "get_load_cores",
                    median(results.get("get_devices"), Load.Result::generatorCores),
                    "cores that the load generator itself took beside get_devices");
        }
    }

    private static Map<String, List<Load.Result>> rounds(Map<String, Load> loads) throws Exception {
        for (var load : loads.values()) {
            load.run(WARM_UP_SECONDS);
        }
        var results = new HashMap<String, List<Load.Result>>();
        for (int round = 0; round < ROUNDS; round++) {
            for (var load : loads.entrySet()) {
                results.computeIfAbsent(load.getKey(), name -> new ArrayList<>())
                        .add(load.getValue().run(ROUND_SECONDS));
            }
        }
        return results;
    }

    /** The full load of writes alone, and beside reads that come at their own rate. */
    void mixed() throws Exception {
        var accepting = new HashMap<>(Bench.SETTINGS);
        accepting.put("WHATSAPP_SEND_WAIT", "0s");
        var place = Files.createDirectory(folder.resolve("mixed"));
        try (var gateway = Server.gateway(place, accepting);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Bench.pair(gateway.uri());
            seed(gateway, sqlite(place));
            Bench.drop(gateway.uri());
            var requests = BARE.stream()
                    .map(name -> Client.request("GET", READS.get(name), Bench.AUTHORIZED, ""))
                    .toList();
            IntFunction<byte[]> turns = i -> requests.get(i % requests.size());
            int rate = requests.size() * MIXED_PER_SECOND;
            var post = Load.post(gateway, "/send/message", Bench.AUTHORIZED, Bench.MESSAGE);
            post.run(WARM_UP_SECONDS);
            for (var name : BARE) {
                load(gateway, READS.get(name)).run(WARM_UP_SECONDS);
            }
            var share = new ArrayList<Double>();
            var tails = new ArrayList<Double>();
            for (int round = 0; round < ROUNDS; round++) {
                double alone = post.run(ROUND_SECONDS).perSecond();
                Future<OpenLoop.Result> reads =
                        threads.submit(() -> OpenLoop.run(gateway.uri(), turns, rate, ROUND_SECONDS));
                share.add(post.run(ROUND_SECONDS).perSecond() / alone);
                tails.add(reads.get().p99Millis());
            }
            figures.add(
                    "mixed_post_share",
                    Figures.median(share),
                    "of the POSTs per second alone, beside 200 reads a second of each of three lists");
            figures.add(
                    "mixed_get_p99_ms",
                    Figures.median(tails),
                    "99th percentile of those reads, from when each was due");
        }
    }

    private void postgres() throws Exception {
        var settings = new HashMap<>(Bench.SETTINGS);
        var database = PostgresForTests.running().fresh();
        settings.put("DB_URI", PostgresForTests.uri(database));
        try (var gateway = Server.gateway(Files.createDirectory(folder.resolve("postgres")), settings)) {
            Bench.pair(gateway.uri());
            seed(gateway, () -> postgres(database));
            var loads = new LinkedHashMap<String, Load>();
            READS.forEach((name, path) -> loads.put("postgres_" + name, load(gateway, path)));
            var results = rounds(loads);
            loads.keySet().forEach(name -> add(name, results.get(name)));
        }
    }

    /** A chat of so many messages against one of 10,000: the two take the same when no work grows with the chat. */
    void longest(int messages) throws Exception {
        try (var gateway = Server.gateway(folder, Bench.SETTINGS)) {
            Bench.pair(gateway.uri());
            seed(gateway, sqlite(folder));
        }
        var huge = "6281234588888@s.whatsapp.net";
        fill(sqlite(folder), huge, messages);
        try (var gateway = Server.gateway(folder, Bench.SETTINGS)) {
            var loads = new LinkedHashMap<String, Load>();
            loads.put("10k", load(gateway, READS.get("get_messages_10k")));
            loads.put("1m", load(gateway, "/chat/" + huge + "/messages?limit=50"));
            var results = rounds(loads);
            double cpu = median(results.get("1m"), Load.Result::cpuMicros);
            figures.add(
                    "get_messages_1m_cpu_us",
                    cpu,
                    "CPU time of the server per request, in a chat of a million messages");
            figures.add(
                    "get_messages_1m_flatness",
                    cpu / median(results.get("10k"), Load.Result::cpuMicros),
                    "of the same in a chat of 10,000");
            HostileReads.search(figures, gateway, huge);
        }
    }

    /** A new connection to the gateway's database. */
    @FunctionalInterface
    interface Opening {
        Connection open() throws SQLException;
    }

    /** To the database that a gateway in this folder has. */
    static Opening sqlite(Path folder) {
        return () -> DriverManager.getConnection(
                "jdbc:sqlite:" + folder.resolve("storages/whatsapp.db") + "?busy_timeout=10000");
    }

    private static Connection postgres(Database.Postgres server) throws SQLException {
        var properties = new Properties();
        properties.putAll(server.properties());
        properties.setProperty("user", server.user());
        properties.setProperty("password", server.password());
        return DriverManager.getConnection(
                "jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + server.name(), properties);
    }

    /** Plain rows: the messages of one chat go out one after another, which would take longer than what is measured. */
    private static void fill(Opening database, String chat, int messages) throws Exception {
        try (var connection = database.open();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO chat (device, jid, last_message_at, created_at, updated_at)"
                    + " SELECT id, '" + chat + "', 1, 1, 1 FROM device");
            statement.execute("""
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
                    INSERT INTO message (device, chat, id, sender, from_me, kind, body, content, sent_at, created_at, updated_at)
                    SELECT device.id, '%s', 'M' || i, '%2$s', 0, 'text', 'The order is on its way.',
                           '{"kind":"text","body":"The order is on its way."}', i, i, i FROM n, device""".formatted(messages, chat));
            connection.commit();
        }
    }

    /** Sends what the short chats show, and puts the long chat into the database; both work with every image. */
    static void seed(Server gateway, Opening database) throws Exception {
        var next = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var senders = new ArrayList<Future<?>>();
            for (int i = 0; i < CONNECTIONS; i++) {
                senders.add(threads.submit(() -> {
                    try (var client = new Client(gateway.uri(), InetAddress.getLoopbackAddress())) {
                        for (int n = next.getAndIncrement(); n < CHATS * MESSAGES; n = next.getAndIncrement()) {
                            send(client, Bench.MESSAGE.replace("62812345RECIPIENT", chat(n % CHATS)));
                        }
                    }
                    return null;
                }));
            }
            for (var sender : senders) {
                sender.get();
            }
        }
        fill(database, LONG, LONG_CHAT);
    }

    private static void send(Client client, String message) throws Exception {
        int status = client.exchange(Client.request("POST", "/send/message", Bench.AUTHORIZED, message));
        if (status != 200) {
            throw new IllegalStateException("a message of the lists was answered " + status);
        }
    }

    private static String answer(Server gateway, String path) throws Exception {
        try (var client = new Client(gateway.uri(), InetAddress.getLoopbackAddress())) {
            var answer = client.answer(Client.request("GET", path, Bench.AUTHORIZED, ""));
            if (!answer.contains("SUCCESS")) {
                throw new IllegalStateException(
                        path + " answered " + answer.getBytes(StandardCharsets.UTF_8).length + " bytes, no list");
            }
            return answer;
        }
    }

    private void add(String name, List<Load.Result> rounds) {
        figures.add(name + "_rps", median(rounds, Load.Result::perSecond), "requests per second, 16 connections");
        figures.add(name + "_p99_ms", median(rounds, Load.Result::p99Millis), "99th percentile of latency");
        figures.add(name + "_cpu_us", median(rounds, Load.Result::cpuMicros), "CPU time of the server per request");
    }

    private static double median(List<Load.Result> rounds, ToDoubleFunction<Load.Result> part) {
        return Figures.median(rounds.stream().map(part::applyAsDouble).toList());
    }
}
