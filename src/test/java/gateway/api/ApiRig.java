package gateway.api;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import gateway.api.media.MediaLimits;
import gateway.api.media.MediaSource;
import gateway.api.sandbox.SandboxControls;
import gateway.budget.BudgetMetrics;
import gateway.budget.MemoryBudget;
import gateway.budget.Workbench;
import gateway.engine.Engine;
import gateway.engine.EngineDirectory;
import gateway.engine.Event;
import gateway.engine.MediaFiles;
import gateway.engine.ToldEngine;
import gateway.engine.sandbox.InboundRules;
import gateway.engine.sandbox.SandboxEngine;
import gateway.http.Allowance;
import gateway.http.Envelope;
import gateway.http.hardened.HardenedServer;
import gateway.http.hardened.Limits;
import gateway.messaging.Accounts;
import gateway.messaging.AutoActions;
import gateway.messaging.EventSink;
import gateway.messaging.Outbox;
import gateway.messaging.Pacing;
import gateway.process.Workers;
import gateway.store.Database;
import gateway.store.Store;
import gateway.store.Tx;

/** The real routes on a real server on loopback, with a real database file and the sandbox behind them. */
final class ApiRig implements AutoCloseable {
    static final String DEVICE = "default";
    static final String ALICE = "12025550101";
    static final String BOB = "12025550102";
    private static final String BOUNDARY = "----formboundary7MA4YWxkTrZu0gW";

    final Store store;
    final Accounts accounts;
    private final SandboxEngine engine;
    private final ToldEngine told = new ToldEngine();
    private final String usual;
    final MediaFiles media;
    final Path directory;
    /** Added to the time that workers go by, nanoseconds. */
    final AtomicLong ahead = new AtomicLong();
    final Workers workers = new Workers(() -> System.nanoTime() + ahead.get());
    final List<Event> happened = new CopyOnWriteArrayList<>();
    final MemoryBudget budget = new MemoryBudget(48 << 20, () -> false, BudgetMetrics.NONE);
    private final Workbench bench = new Workbench(budget);
    private final Outbox outbox;
    private final HardenedServer server;
    private final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Specification ours = Specification.ours();

    /** A reply; {@code json} is a missing node when it is no JSON. */
    record Reply(int status, String type, byte[] body, JsonNode json, java.net.http.HttpHeaders headers) {
        String message() {
            return json.path("message").asText();
        }

        JsonNode results() {
            return json.path("results");
        }
    }

    /** A file in a form. */
    record FormFile(String name, byte[] bytes) {
    }

    ApiRig(Path directory) {
        this(directory, AutoActions.NONE, MediaLimits.DEFAULT, MediaSource.NONE, true);
    }

    ApiRig(Path directory, AutoActions auto, MediaLimits limits, MediaSource source, boolean strict) {
        this(directory, new Database.Sqlite(directory.resolve("whatsapp.db")), auto, limits, source, strict, InboundRules.ALL);
    }

    /** An account that does not take every file that comes in. */
    ApiRig(Path directory, InboundRules rules) {
        this(directory, new Database.Sqlite(directory.resolve("whatsapp.db")), AutoActions.NONE, MediaLimits.DEFAULT, MediaSource.NONE, true,
                rules);
    }

    /** A node of several. */
    ApiRig(Path directory, Database database) {
        this(directory, database, AutoActions.NONE, MediaLimits.DEFAULT, MediaSource.NONE, true, InboundRules.ALL);
    }

    /** @param usual the engine of an account that names none */
    ApiRig(Path directory, String usual) {
        this(directory, new Database.Sqlite(directory.resolve("whatsapp.db")), AutoActions.NONE, MediaLimits.DEFAULT, MediaSource.NONE,
                true, InboundRules.ALL, usual);
    }

    private ApiRig(Path directory, Database database, AutoActions auto, MediaLimits limits, MediaSource source, boolean strict,
                InboundRules rules) {
        this(directory, database, auto, limits, source, strict, rules, "sandbox");
    }

    private ApiRig(Path directory, Database database, AutoActions auto, MediaLimits limits, MediaSource source, boolean strict,
                InboundRules rules, String usual) {
        this.usual = usual;
        this.directory = directory;
        this.store = Store.open(database);
        this.media = new MediaFiles(directory.resolve("media"));
        this.engine = new SandboxEngine(media, InstantSource.system(), workers, rules);
        this.outbox = new Outbox(store, InstantSource.system(), Duration.ofSeconds(5));
        this.accounts = new Accounts(store, new Offered(), outbox, new EventSink() {
            @Override
            public void enqueue(Tx tx, String device, Event event) {
                happened.add(event);
            }

            @Override
            public void wake() {
            }
        }, InstantSource.system(), auto, Pacing.NONE, new Workers());
        accounts.open(DEVICE);
        var api = api(limits, source, strict);
        this.server = HardenedServer.builder("test").limits(Limits.API.withBodyBytes(Api.largestBody(limits)))
                .translating(Api::problem).filter(new Allowance(budget)).routes(routes -> {
                    routes.register(new HealthRoutes(List.of(), workers));
                    api.routes(routes);
                }).start();
    }

    Api api(MediaLimits limits, MediaSource source, boolean strict) {
        return new Api(new Api.Rules("", strict, true, request -> false, "https://console.example"::equals, limits, "test",
                "Test", "development"), accounts, outbox, store, media, source, List.of(new SandboxControls()), InstantSource.system(), bench);
    }

    /** The sandbox, and an engine that WhatsApp calls. */
    private final class Offered implements EngineDirectory {
        @Override
        public String usual() {
            return usual;
        }

        @Override
        public List<String> names() {
            return List.of("sandbox", ToldEngine.NAME);
        }

        @Override
        public Optional<Engine> find(String name) {
            return Stream.<Engine>of(engine, told).filter(offered -> offered.name().equals(name)).findFirst();
        }
    }

    ToldEngine told() {
        return told;
    }

    int port() {
        return server.port();
    }

    ApiRig paired() {
        get("/app/login");
        assertEquals(200, post("/sandbox/pair", object()).status());
        assertEquals(200, post("/sandbox/receipts", object().put("delivered_after_ms", 0).put("read_after_ms", 0)).status());
        return this;
    }

    Reply get(String path) {
        return send(request(path).GET());
    }

    Reply post(String path, JsonNode body) {
        return send(request(path).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    Reply post(String path, String type, byte[] body) {
        return send(request(path).header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    Reply delete(String path) {
        return send(request(path).DELETE());
    }

    Reply form(String path, Map<String, String> values) {
        var pairs = new ArrayList<String>();
        values.forEach((name, value) -> pairs.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return post(path, "application/x-www-form-urlencoded", String.join("&", pairs).getBytes(StandardCharsets.UTF_8));
    }

    Reply multipart(String path, Map<String, String> values, Map<String, FormFile> files) {
        return post(path, multipartType(), multipart(values, files));
    }

    static String multipartType() {
        return "multipart/form-data; boundary=" + BOUNDARY;
    }

    static byte[] multipart(Map<String, String> values, Map<String, FormFile> files) {
        var out = new ByteArrayOutputStream();
        values.forEach((name, value) -> out.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name
                + "\"\r\n\r\n" + value + "\r\n").getBytes(StandardCharsets.UTF_8)));
        files.forEach((name, file) -> {
            out.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + file.name()
                    + "\"\r\nContent-Type: application/octet-stream\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            out.writeBytes(file.bytes());
            out.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        });
        out.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path)).timeout(Duration.ofSeconds(20));
    }

    /** Sends it, and checks the reply against our own description of the operation. */
    Reply send(HttpRequest.Builder builder) {
        var request = builder.build();
        try {
            var answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            var type = answer.headers().firstValue("Content-Type").orElse("");
            var json = type.startsWith("application/json") ? Envelope.JSON.readTree(answer.body())
                    : Envelope.JSON.missingNode();
            var operation = ours.find(request.method(), request.uri().getRawPath());
            assertTrue(operation.isPresent() || answer.statusCode() == 404 || answer.statusCode() == 405,
                    request.method() + " " + request.uri().getPath() + " is not described");
            operation.ifPresent(found -> ours.check(found, answer.statusCode(), type, answer.body()));
            return new Reply(answer.statusCode(), type, answer.body(), json, answer.headers());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(request.method() + " " + request.uri() + " " + e, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static ObjectNode object() {
        return Envelope.JSON.createObjectNode();
    }

    /** Waits until nothing happens any more: no message to send, no event to tell. */
    void quiet() {
        await().atMost(Duration.ofSeconds(10)).until(() -> store.number(
                "SELECT (SELECT count(*) FROM sandbox_pending) + (SELECT count(*) FROM outbox WHERE state = 0)") == 0);
    }

    /** Changes with every commit, and with every file kept. */
    String fingerprint() {
        var text = new StringBuilder();
        for (var table : List.of("device", "chat", "message", "outbox", "reaction", "chat_label", "sandbox_account", "sandbox_ledger",
                "sandbox_pending", "sandbox_file", "sandbox_trouble", "sandbox_contact", "sandbox_group", "sandbox_member", "sandbox_newsletter")) {
            text.append(table).append(rows(table)).append('\n');
        }
        try (var files = Files.walk(directory.resolve("media"))) {
            return text.append(files.sorted().toList()).toString();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** All that is in a table of the SQLite file. */
    private List<String> rows(String table) {
        var rows = new ArrayList<String>();
        try (var connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("whatsapp.db"));
             var result = connection.createStatement().executeQuery("SELECT * FROM " + table)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                var values = new StringBuilder();
                for (int i = 1; i <= columns; i++) {
                    values.append(result.getString(i)).append('|');
                }
                rows.add(values.toString());
            }
            return rows;
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] resource(String name) {
        try (InputStream in = ApiRig.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.close();
        bench.close();
        accounts.close();
        engine.close();
        store.close();
    }
}
