package gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;

import gateway.http.Envelope;

/** The program {@code whatsapp} as a process of its own, with the environment a test gives it and no other. */
public final class Program implements AutoCloseable {
    public static final String PASSWORD = "a-long-password-for-this-test";
    /** The header of the same name, with the credential that {@link #rest} sets. */
    static final String AUTHORIZATION =
            "Basic " + Base64.getEncoder().encodeToString(("admin:" + PASSWORD).getBytes(StandardCharsets.UTF_8));

    /** An option for JAVA_TOOL_OPTIONS, followed by a file: the classes that a start loads, when no archive brings more. */
    public static final String CLASSES_LOADED = "-XX:AOTMode=off -Xlog:class+load:file=";

    static final Pattern READY = Pattern.compile("Ready on (http://\\S+), metrics on port (\\d+)");
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final CompletableFuture<String> url = new CompletableFuture<>();
    private final CompletableFuture<Integer> metricsPort = new CompletableFuture<>();
    private final HttpClient client = HttpClient.newHttpClient();

    private Program(Process process) {
        this.process = process;
        Thread.ofVirtual().start(this::read);
    }

    /** Starts the program in a folder. */
    public static Program start(Path folder, Map<String, String> environment, String... arguments) throws IOException {
        return start(List.of(), folder, environment, arguments);
    }

    static Program start(List<String> under, Path folder, Map<String, String> environment, String... arguments)
            throws IOException {
        var command = new ArrayList<>(under);
        command.addAll(ProgramArchive.java());
        command.add("gateway.Gateway");
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().putAll(environment);
        var process = builder.start();
        process.getOutputStream().close();
        return new Program(process);
    }

    /** Starts {@code rest} with a credential on free ports. */
    public static Program rest(Path folder, Map<String, String> environment) throws IOException {
        return restUnder(List.of(), folder, environment);
    }

    /**
     * As {@link #rest}, started by another command that confines or watches it.
     *
     * @param under the command, which runs what follows it as a command
     */
    public static Program restUnder(List<String> under, Path folder, Map<String, String> environment)
            throws IOException {
        var all = new java.util.HashMap<>(Map.of(
                "APP_BASIC_AUTH",
                "admin:" + PASSWORD,
                "APP_PORT",
                "0",
                "APP_METRICS_PORT",
                "0",
                "APP_RATE_LIMIT",
                "off"));
        all.putAll(environment);
        return start(under, folder, all, "rest");
    }

    /** Starts {@code admin} with this token on free ports. */
    public static Program admin(Path folder, String token) throws IOException {
        return start(folder, Map.of("ADMIN_TOKEN", token, "ADMIN_PORT", "0", "ADMIN_METRICS_PORT", "0"), "admin");
    }

    private void read() {
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                var ready = READY.matcher(line);
                if (ready.find()) {
                    metricsPort.complete(Integer.parseInt(ready.group(2)));
                    url.complete(ready.group(1));
                }
            }
        } catch (IOException e) {
            output.add(e.toString());
        }
        url.completeExceptionally(new IllegalStateException("ended before it was ready: " + output));
    }

    public long pid() {
        return process.pid();
    }

    public String url() throws Exception {
        return url.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** The address with the credentials of the user, as a browser takes them. */
    String consoleUrl() throws Exception {
        return url().replace("http://", "http://admin:" + PASSWORD + "@");
    }

    int metricsPort() throws Exception {
        url();
        return metricsPort.join();
    }

    /** Everything it wrote so far, both streams. */
    public String output() {
        return String.join("\n", output);
    }

    /** How it ended, once it has. */
    public int exit() throws Exception {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("did not end: " + output);
        }
        await(() -> url.isDone());
        return process.exitValue();
    }

    private static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 500 && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
    }

    /** As {@code kill -9}, whoever started it. */
    public void kill() throws Exception {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
    }

    public HttpResponse<String> get(String path) throws Exception {
        return send(request(path).GET());
    }

    public HttpResponse<String> put(String path, String json) throws Exception {
        return send(request(path)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(json)));
    }

    public HttpResponse<String> post(String path, String json) throws Exception {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    public HttpRequest.Builder request(String path) throws Exception {
        return HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", AUTHORIZATION);
    }

    public HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    /** Its metrics in Prometheus' text format. */
    public String metrics() throws Exception {
        return client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metricsPort() + "/metrics"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    public static JsonNode json(HttpResponse<String> response) throws IOException {
        return Envelope.JSON.readTree(response.body());
    }

    /** Ends it in order. */
    @Override
    public void close() throws Exception {
        client.close();
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            kill();
            throw new IllegalStateException("did not stop within 30 s: " + output);
        }
    }
}
