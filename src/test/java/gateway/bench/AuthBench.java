package gateway.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;

import gateway.audit.AuditEntry;
import gateway.audit.AuditLog;
import gateway.audit.AuditMetrics;
import gateway.audit.AuditUnavailable;
import gateway.audit.AuditVerifier;
import gateway.audit.SecurityEvent;
import gateway.auth.Argon2;
import gateway.auth.Authenticator;

/** What the entrance and the security log cost. */
final class AuthBench {
    private static final int WARM = 300_000;
    private static final int LOGINS = 5_000;
    private static final int LINES = 100_000;
    private static final String PASSWORD = "nine wet otters argue over one umbrella";

    private final Figures figures;
    private final Path folder;

    AuthBench(Figures figures, Path folder) {
        this.figures = figures;
        this.folder = folder;
    }

    void run() throws Exception {
        figures.add("auth_warm_us", warmMicros(), "what a verified credential adds to a request");
        figures.add(
                "auth_welch_t",
                welch(),
                "Welch's t of unknown user against wrong password, 2 x 5,000; alike below 4.5");
        audit();
    }

    private static Authenticator authenticator(Argon2 hash) {
        var authenticator = new Authenticator(UnaryOperator.identity(), InstantSource.system());
        var accounts = authenticator.configured();
        accounts.replace(List.of(accounts.hashedUser("ada", hash.toString())), List.of());
        return authenticator;
    }

    static String basic(String name, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes());
    }

    private static double warmMicros() throws IOException {
        try (var authenticator = authenticator(Argon2.of(PASSWORD.toCharArray()))) {
            var from = InetAddress.getByName("192.0.2.1");
            var header = basic("ada", PASSWORD);
            long start = 0;
            for (int i = 0; i < 2 * WARM; i++) {
                if (i == WARM) {
                    start = System.nanoTime();
                }
                authenticator.authenticate(header, from);
            }
            return (System.nanoTime() - start) / 1000.0 / WARM;
        }
    }

    /**
     * Each guess from an address of its own, in random order. With a cheap hash: a dear one takes the same time for
     * both and only hides, by its own variation, what the way to it tells.
     */
    private static double welch() throws IOException {
        var cheap = new Argon2(64, 1, 1, new byte[16], new byte[32]);
        try (var authenticator = authenticator(cheap)) {
            var random = new Random(1);
            var sums = new double[2][3];
            int warm = LOGINS;
            for (int i = 0; i < 2 * LOGINS + warm; i++) {
                int kind = random.nextInt(2);
                byte[] address = {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
                var header = basic(kind == 0 ? "ada" : "eve", "guess-" + i);
                var from = InetAddress.getByAddress(address);
                long start = System.nanoTime();
                authenticator.authenticate(header, from);
                double took = System.nanoTime() - start;
                if (i >= warm) {
                    sums[kind][0]++;
                    sums[kind][1] += took;
                    sums[kind][2] += took * took;
                }
            }
            return Math.abs(mean(sums[0]) - mean(sums[1]))
                    / Math.sqrt(variance(sums[0]) / sums[0][0] + variance(sums[1]) / sums[1][0]);
        }
    }

    private static double mean(double[] sums) {
        return sums[1] / sums[0];
    }

    private static double variance(double[] sums) {
        return sums[2] / sums[0] - mean(sums) * mean(sums);
    }

    private void audit() throws IOException {
        var place = Files.createDirectory(folder.resolve("audit-bench"));
        var file = place.resolve("security.log");
        var keys = place.resolve("keys");
        long start = System.nanoTime();
        try (var log = new AuditLog(file, keys, Clock.systemUTC(), line -> {}, AuditMetrics.NONE)) {
            for (int i = 0; i < LINES; i++) {
                write(
                        log,
                        new AuditEntry(
                                SecurityEvent.AUTHN_LOGIN_SUCCESS,
                                "ada",
                                "192.0.2.1",
                                "req-" + i,
                                AuditEntry.SUCCESS,
                                Map.of()));
            }
        }
        figures.add(
                "audit_lines_per_s",
                LINES * 1e9 / (System.nanoTime() - start),
                "lines of the security log, chained and on disk");
        var verifier = new AuditVerifier(keys.resolve("audit.seed"), keys.resolve("audit.pub"));
        var verified = new ArrayList<Double>();
        for (int round = 0; round < 7; round++) {
            start = System.nanoTime();
            var report = verifier.verify(
                    List.of(file), List.of(place.resolve("audit.checkpoints")), List.of(), Optional.empty());
            if (report.lines() != LINES || report.problem().isPresent()) {
                throw new IllegalStateException("the log is not sound: " + report);
            }
            verified.add(LINES * 1e9 / (System.nanoTime() - start));
        }
        figures.add("audit_verified_lines_per_s", Figures.median(verified.subList(2, 7)), "of the same, verified");
    }

    /** A full queue refuses after a while; here it is what sets the pace. */
    private static void write(AuditLog log, AuditEntry entry) {
        while (true) {
            try {
                log.write(entry);
                return;
            } catch (AuditUnavailable full) {
                Thread.onSpinWait();
            }
        }
    }
}
