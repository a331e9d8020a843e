package gateway.bench;

import gateway.audit.AuditEntry;
import gateway.audit.AuditLog;
import gateway.audit.AuditMetrics;
import gateway.audit.AuditVerifier;
import gateway.audit.SecurityEvent;
import gateway.auth.Argon2;
import gateway.auth.Authenticator;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;

/** What the entrance and the security log cost, as JSON: one line on standard output. */
public final class AuthBench {
    private static final int WARM = 300_000;
    private static final int LINES = 100_000;
    private static final String PASSWORD = "nine wet otters argue over one umbrella";

    private AuthBench() {
    }

    /** @param args how many logins of each kind to time for Welch's t; 300 when absent, 5000 for the figure that counts */
    public static void main(String[] args) throws Exception {
        int logins = args.length > 0 ? Integer.parseInt(args[0]) : 300;
        System.out.printf("{\"auth_warm_us\":%.2f,\"auth_enumeration_t\":%.2f,%s}%n", warmMicros(), welch(logins), audit());
    }

    private static Authenticator authenticator(InstantSource clock) {
        var authenticator = new Authenticator(UnaryOperator.identity(), clock);
        var accounts = authenticator.configured();
        accounts.replace(List.of(accounts.hashedUser("ada", Argon2.of(PASSWORD.toCharArray()).toString())), List.of());
        return authenticator;
    }

    private static String basic(String name, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes());
    }

    private static double warmMicros() throws Exception {
        try (var authenticator = authenticator(InstantSource.system())) {
            InetAddress from = InetAddress.getByName("192.0.2.1");
            String header = basic("ada", PASSWORD);
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

    /** Welch's t between the times of a wrong password and of an unknown user, taken in random order from fresh addresses. */
    private static double welch(int each) throws Exception {
        try (var authenticator = authenticator(InstantSource.system())) {
            var random = new Random(1);
            double[][] sums = new double[2][3];
            for (int i = 0; i < 2 * each + 20; i++) {
                int kind = random.nextInt(2);
                byte[] address = {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
                String header = basic(kind == 0 ? "ada" : "eve", "guess-" + i);
                long start = System.nanoTime();
                authenticator.authenticate(header, InetAddress.getByAddress(address));
                double took = System.nanoTime() - start;
                if (i >= 20) {
                    sums[kind][0]++;
                    sums[kind][1] += took;
                    sums[kind][2] += took * took;
                }
            }
            return (mean(sums[0]) - mean(sums[1])) / Math.sqrt(variance(sums[0]) / sums[0][0] + variance(sums[1]) / sums[1][0]);
        }
    }

    private static double mean(double[] sums) {
        return sums[1] / sums[0];
    }

    private static double variance(double[] sums) {
        return sums[2] / sums[0] - mean(sums) * mean(sums);
    }

    private static String audit() throws Exception {
        Path directory = Files.createTempDirectory("audit-bench");
        Path file = directory.resolve("security.log");
        Path keys = directory.resolve("keys");
        long start = System.nanoTime();
        try (var log = new AuditLog(file, keys, Clock.systemUTC(), line -> { }, AuditMetrics.NONE)) {
            for (int i = 0; i < LINES; i++) {
                log.write(new AuditEntry(SecurityEvent.AUTHN_LOGIN_SUCCESS, "ada", "192.0.2.1", "req-" + i, AuditEntry.SUCCESS, Map.of()));
            }
        }
        double written = LINES * 1e9 / (System.nanoTime() - start);
        var verifier = new AuditVerifier(keys.resolve("audit.seed"), keys.resolve("audit.pub"));
        verifier.verify(List.of(file), List.of(directory.resolve("audit.checkpoints")), Optional.empty());
        start = System.nanoTime();
        var report = verifier.verify(List.of(file), List.of(directory.resolve("audit.checkpoints")), Optional.empty());
        double verified = report.lines() * 1e9 / (System.nanoTime() - start);
        try (var files = Files.walk(directory)) {
            files.sorted(java.util.Comparator.reverseOrder()).map(Path::toFile).forEach(java.io.File::delete);
        }
        return String.format("\"audit_write_lines_per_s\":%.0f,\"audit_verify_lines_per_s\":%.0f", written, verified);
    }
}
