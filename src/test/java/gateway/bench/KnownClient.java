package gateway.bench;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * A client that has been let in before, in a process of its own: what it waits for is the server, not the threads of a
 * flood that is made beside it.
 */
final class KnownClient {
    private static final int PER_SECOND = 200;
    /** Its own code is compiled by then, and its connections are open. */
    private static final int WARM_UP_SECONDS = 10;

    private KnownClient() {}

    /** Asks {@code /app/status} 200 times a second for so long, after a warm-up at the same rate. */
    static OpenLoop.Result run(URI server, String authorization, int seconds) throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KnownClient.class.getName(),
                        server.toString(),
                        "" + seconds)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var in = process.outputWriter(StandardCharsets.US_ASCII)) {
            in.write(authorization);
        }
        var told = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                .trim()
                .split(" ");
        if (process.waitFor() != 0) {
            throw new IllegalStateException("the known client failed");
        }
        return new OpenLoop.Result(
                Double.parseDouble(told[0]), Double.parseDouble(told[1]), Double.parseDouble(told[2]));
    }

    /**
     * Arguments: the server, seconds; the credential comes from the standard input. Prints p50, p99 and the share of
     * 200s.
     */
    public static void main(String[] args) throws Exception {
        var authorization = new String(System.in.readAllBytes(), StandardCharsets.US_ASCII);
        var request = Client.request("GET", "/app/status", Map.of("Authorization", authorization), "");
        var server = URI.create(args[0]);
        OpenLoop.run(server, i -> request, PER_SECOND, WARM_UP_SECONDS);
        var result = OpenLoop.run(server, i -> request, PER_SECOND, Integer.parseInt(args[1]));
        System.out.println(result.p50Millis() + " " + result.p99Millis() + " " + result.good());
    }
}
