package gateway.siege;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.bench.Client;
import gateway.bench.Server;
import gateway.figures.FiguresFile;

/**
 * {@code make siege}: runs each attack against a gateway of its own, beside a client that behaves, and says what that
 * client saw and what memory it took. Arguments: the attacks to run; all when there are none. System properties:
 * {@code siege.seconds} of each attack, {@code siege.after} seconds until the memory is looked at again,
 * {@code siege.turn} a commit whose share of the attacks is run, {@code siege.again} whether an attack that was not
 * borne is tried once more, because other work keeps the processors busy.
 *
 * <p>Exit status: 0 when every attack met the limits, 1 when one did not, 2 for an unknown attack.
 */
final class Siege {
    private static final int SECONDS = Integer.getInteger("siege.seconds", 60);
    private static final int AFTER = Integer.getInteger("siege.after", 60);
    /** Runs until each attack had its turn. */
    private static final int TURNS = 4;

    private static final boolean AGAIN = Boolean.getBoolean("siege.again");

    private static final int WARM_UP_SECONDS = 5;
    private static final double MIN_ANSWERED = 99;
    /**
     * Of the long form. In a few seconds a hundred requests are the whole sample, and the compiler works beside them.
     */
    private static final double MAX_P99_MILLIS = SECONDS < 60 ? 2_000 : 500;

    private static final double MAX_RSS = 300;
    private static final double MAX_RSS_AFTER = 200;

    private static final Map<String, String> SETTINGS = Map.of(
            "APP_BASIC_AUTH",
            Target.GOOD + "," + Target.ATTACKER,
            "APP_METRICS_PORT",
            "0",
            // The good client's twenty a second are within these; the guide's ten are for a person.
            "APP_RATE_LIMIT",
            "50/100",
            "APP_SEND_RATE_LIMIT",
            "25/50");

    private Siege() {}

    static List<Attack> attacks() throws IOException {
        var tall = SiegePictures.png(1, 20_000_000);
        var wide = SiegePictures.png(20_000_000, 1);
        var square = SiegePictures.png(12_000, 12_000);
        var scans = SiegePictures.progressiveJpeg(7_000, 300);
        return List.of(
                WebhookAttack.deleted("A1"),
                new PictureAttack("A2", 4, List.of(wide)),
                new PictureAttack("A3", 2, List.of(scans)),
                DripAttack.bodies("A4", 600, ""),
                new ReadersAttack("A5", 14, 0),
                new StartAttack(),
                DripAttack.bodies("dripping_bodies_with_credentials", 1_000, DripAttack.header(Target.ATTACKER)),
                DripAttack.bodies("dripping_bodies_without_credentials", 1_000, ""),
                new PictureAttack("pictures_50", 50, List.of(wide, tall, square, scans)),
                new ReadersAttack("readers_100", 100, 30),
                DripAttack.silent("sockets_2000", 2_000),
                DripAttack.heads("dripping_heads_3000", 3_000),
                new LoginAttack("wrong_passwords", 500),
                new PoisonAttack());
    }

    public static void main(String[] args) throws Exception {
        var attacks = attacks();
        var names = attacks.stream().map(Attack::name).toList();
        for (var name : args) {
            if (!names.contains(name)) {
                System.err.println(
                        "siege: there is no attack '" + name + "'; there are " + String.join(", ", names) + ".");
                System.exit(2);
            }
        }
        var turn = turn();
        var all = JsonNodeFactory.instance.objectNode().put("attack_seconds", SECONDS);
        boolean held = true;
        System.out.printf("%-38s %9s %9s %8s %13s%n", "attack", "answered", "p99_ms", "rss_mb", "rss_mb_after");
        for (int i = 0; i < attacks.size(); i++) {
            var attack = attacks.get(i);
            if (args.length == 0 ? turn.test(i) : List.of(args).contains(attack.name())) {
                // The second try makes a new attack, because an attack counts what it has done.
                held &= run(attack, all.putObject(attack.name()))
                        || AGAIN && again(attacks().get(i), all.putObject(attack.name()));
            }
        }
        var file = Path.of("target/siege.json");
        Files.deleteIfExists(file);
        FiguresFile.add(file, all);
        System.exit(held ? 0 : 1);
    }

    /**
     * Which attacks, by their place in the list, have their turn: every fourth by the commit named in
     * {@code siege.turn}, or all.
     */
    private static IntPredicate turn() {
        var commit = System.getProperty("siege.turn", "");
        if (commit.isEmpty()) {
            return place -> true;
        }
        int mine = (int) (Long.parseLong(commit.substring(0, 7), 16) % TURNS);
        System.out.println(
                "It is the turn of share " + (mine + 1) + " of " + TURNS + ", by the commit " + commit + ".");
        return place -> place % TURNS == mine;
    }

    private static boolean run(Attack attack, ObjectNode figures) throws Exception {
        var folder = Files.createTempDirectory("siege");
        var settings = new HashMap<>(SETTINGS);
        settings.putAll(attack.settings());
        var good = InetAddress.getByName("127.0.0.1");
        var problems = new ArrayList<String>();
        try (var gateway = Server.gateway(folder, settings)) {
            var target = new Target(
                    gateway.uri(), folder, attack.fromGoodAddress() ? good : InetAddress.getByName("127.0.1.1"));
            pair(gateway);
            attack.prepare(target);
            var client = GoodClient.start(gateway.uri(), good, !attack.fromGoodAddress(), WARM_UP_SECONDS, SECONDS);
            Thread.sleep(WARM_UP_SECONDS * 1_000L);
            var memory = new Memory(gateway);
            attack.run(target, System.nanoTime() + SECONDS * 1_000_000_000L);
            var result = client.result();
            double peak = memory.peak();
            var finding = attack.finding(target);
            Thread.sleep(AFTER * 1_000L);
            double after = gateway.alive() ? gateway.residentMegabytes() : 0;

            figures.put("answered", Math.round(result.good() * 100) / 100.0)
                    .put("p99_ms", Math.round(result.p99Millis()))
                    .put("rss_mb", Math.round(peak))
                    .put("rss_mb_after_" + AFTER + "s", Math.round(after))
                    .put("finding", finding);
            check(problems, gateway.alive(), "the gateway ended");
            check(problems, result.good() >= MIN_ANSWERED, "answered below " + MIN_ANSWERED + " %");
            check(problems, result.p99Millis() <= MAX_P99_MILLIS, "p99 above " + MAX_P99_MILLIS + " ms");
            check(problems, peak <= MAX_RSS, "memory above " + MAX_RSS + " MB");
            check(problems, AFTER < 60 || after <= MAX_RSS_AFTER, "memory afterwards above " + MAX_RSS_AFTER + " MB");
            check(problems, finding.isEmpty(), finding);
            System.out.printf(
                    "%-38s %8.2f%% %9.0f %8.0f %13.0f  %s%n",
                    attack.name(),
                    result.good(),
                    result.p99Millis(),
                    peak,
                    after,
                    problems.isEmpty() ? "held" : "DID NOT HOLD: " + String.join("; ", problems));
        } finally {
            delete(folder);
        }
        return problems.isEmpty();
    }

    private static boolean again(Attack attack, ObjectNode figures) throws Exception {
        boolean held = run(attack, figures.put("second_try", true));
        if (held) {
            System.out.println("**** " + attack.name() + " WAS BORNE ONLY AT THE SECOND TRY, find out why");
        }
        return held;
    }

    private static void check(List<String> problems, boolean holds, String problem) {
        if (!holds) {
            problems.add(problem);
        }
    }

    private static void pair(Server gateway) throws IOException {
        try (var client = new Client(gateway.uri(), InetAddress.getByName("127.0.0.1"))) {
            var authorized = Target.authorization(Target.GOOD);
            client.exchange(Client.request("GET", "/app/login", authorized, ""));
            int status = client.exchange(Client.request("POST", "/sandbox/pair", authorized, "{}"));
            if (status != 200) {
                throw new IOException("pairing was answered " + status);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** The highest resident memory of a gateway, looked at twice a second. */
    private static final class Memory {
        private volatile double peak;
        private volatile boolean over;
        private final Thread thread;

        Memory(Server gateway) {
            thread = Thread.ofPlatform().start(() -> {
                while (!over && gateway.alive()) {
                    try {
                        peak = Math.max(peak, gateway.residentMegabytes());
                        Thread.sleep(500);
                    } catch (IOException | InterruptedException ended) {
                        return;
                    }
                }
            });
        }

        double peak() throws InterruptedException {
            over = true;
            thread.join();
            return peak;
        }
    }
}
