package gateway.siege;

import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import gateway.bench.Client;
import gateway.bench.OpenLoop;

/**
 * The client that behaves: twenty requests a second in a process of its own, sends and reads in turn, on kept
 * connections and on new ones.
 */
final class GoodClient {
    static final int PER_SECOND = 20;
    private static final String MESSAGE = "{\"phone\":\"6281234567890\",\"message\":\"The order is on its way.\"}";

    private GoodClient() {}

    /** A good client that was started; its result comes once its time is over. */
    record Running(Process process) {
        OpenLoop.Result result() throws Exception {
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .trim()
                    .split(" ");
            if (process.waitFor() != 0 || said.length != 3) {
                throw new IllegalStateException("the good client failed: " + String.join(" ", said));
            }
            return new OpenLoop.Result(
                    Double.parseDouble(said[0]), Double.parseDouble(said[1]), Double.parseDouble(said[2]));
        }
    }

    /**
     * Starts the client: first for {@code warmUp} seconds unmeasured, then for {@code seconds}.
     *
     * @param fresh whether every second request comes on a new connection
     */
    static Running start(URI server, InetAddress from, boolean fresh, int warmUp, int seconds) throws Exception {
        return new Running(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        GoodClient.class.getName(),
                        server.toString(),
                        from.getHostAddress(),
                        "" + fresh,
                        "" + warmUp,
                        "" + seconds)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** Prints p50 and p99 in milliseconds, and the per cent that was answered 200. */
    public static void main(String[] args) throws Exception {
        var server = URI.create(args[0]);
        var from = InetAddress.getByName(args[1]);
        var kept = requests(Map.of());
        var once = Boolean.parseBoolean(args[2]) ? requests(Map.of("Connection", "close")) : kept;
        OpenLoop.run(server, from, i -> kept.get(i % kept.size()), PER_SECOND, Integer.parseInt(args[3]));
        var result = OpenLoop.run(
                server,
                from,
                i -> (i / kept.size() % 2 == 0 ? kept : once).get(i % kept.size()),
                PER_SECOND,
                Integer.parseInt(args[4]));
        System.out.println(result.p50Millis() + " " + result.p99Millis() + " " + result.good());
    }

    private static List<byte[]> requests(Map<String, String> more) {
        var headers = new HashMap<>(Target.authorization(Target.GOOD));
        headers.putAll(more);
        return List.of(
                Client.request("GET", "/app/status", headers, ""),
                Client.request("POST", "/send/message", headers, MESSAGE),
                Client.request("GET", "/chats?limit=25", headers, ""),
                Client.request("GET", "/devices", headers, ""));
    }
}
