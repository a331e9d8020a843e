package gateway.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One kind of request, sent by wrk as fast as the server answers, over kept connections. {@code RECIPIENT} in a body
 * stands for five digits that go round through a thousand values: the messages of one chat are sent one after another,
 * so that a single recipient would measure one queue. None is {@code x0000}, which the sandbox does not know.
 */
record Load(Server server, String path, Map<String, String> headers, String body, int connections) {
    private static final int CONNECTIONS = 64;

    /**
     * What one run showed: requests per second, the 99th percentile of latency, and the server's CPU time per request;
     * {@code generatorCores} is what wrk itself took of the machine, in cores.
     */
    record Result(double perSecond, double p99Millis, double cpuMicros, double generatorCores) {}

    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([\\d.]+)");
    private static final Pattern COUNT = Pattern.compile("(\\d+) requests in");
    private static final Pattern P99 = Pattern.compile("99%\\s+([\\d.]+)(us|ms|s)");
    private static final Pattern FAULT = Pattern.compile("(?m)^\\s*(Non-2xx.*|Socket errors:.*)$");

    static Load get(Server server, String path, Map<String, String> headers) {
        return new Load(server, path, headers, null, CONNECTIONS);
    }

    static Load post(Server server, String path, Map<String, String> headers, String json) {
        return new Load(server, path, headers, json, CONNECTIONS);
    }

    /** The same over so many connections. */
    Load over(int connections) {
        return new Load(server, path, headers, body, connections);
    }

    /** @throws IllegalStateException when a request was refused or lost: the speed of refusing is no figure */
    Result run(int seconds) throws Exception {
        var script = Files.createTempFile("bench", ".lua");
        Files.writeString(script, lua());
        URI uri = server.uri().resolve(path);
        long before = server.cpuMicros();
        long own = Server.childrenMicros();
        String output = wrk(script, uri, seconds);
        long used = server.cpuMicros() - before;
        double generator = (Server.childrenMicros() - own) / 1e6 / seconds;
        Files.delete(script);

        var fault = FAULT.matcher(output);
        if (fault.find()) {
            throw new IllegalStateException(uri + ": " + fault.group(1));
        }
        return new Result(number(RATE, output), p99(output), used / number(COUNT, output), generator);
    }

    private String wrk(Path script, URI uri, int seconds) throws IOException, InterruptedException {
        var command = List.of(
                "wrk",
                connections < CONNECTIONS ? "-t1" : "-t2",
                "-c" + connections,
                "-d" + seconds + "s",
                "--timeout",
                "10s",
                "--latency",
                "-s",
                script.toString(),
                uri.toString());
        Process wrk = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (wrk.waitFor() != 0) {
            throw new IllegalStateException("wrk failed:\n" + output);
        }
        return output;
    }

    /** The request as wrk's script; headers stay out of the process list, where a credential would be seen. */
    private String lua() {
        var lines = new ArrayList<String>();
        headers.forEach((name, value) -> lines.add("wrk.headers[\"" + name + "\"] = [[" + value + "]]"));
        if (body != null) {
            lines.add("wrk.method = \"POST\"");
            lines.add("wrk.headers[\"Content-Type\"] = \"application/json\"");
            lines.add("local n = 0");
            lines.add("request = function() n = (n + 1) % 1000; return wrk.format(nil, nil, nil, (string.gsub([[" + body
                    + "]], 'RECIPIENT', tostring(10001 + n)))) end");
        }
        return String.join("\n", lines);
    }

    private static double number(Pattern pattern, String output) {
        var match = pattern.matcher(output);
        if (!match.find()) {
            throw new IllegalStateException("wrk printed no " + pattern + ":\n" + output);
        }
        return Double.parseDouble(match.group(1));
    }

    private static double p99(String output) {
        var match = P99.matcher(output);
        if (!match.find()) {
            throw new IllegalStateException("wrk printed no 99th percentile:\n" + output);
        }
        double value = Double.parseDouble(match.group(1));
        return switch (match.group(2)) {
            case "us" -> value / 1000;
            case "ms" -> value;
            default -> value * 1000;
        };
    }
}
