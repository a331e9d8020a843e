package gateway.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

import com.fasterxml.jackson.databind.JsonNode;

import gateway.audit.AuditEntry;
import gateway.audit.AuditLog;
import gateway.audit.AuditMetrics;
import gateway.audit.SecurityLog;
import gateway.auth.AuthMetrics;
import gateway.auth.Authenticator;
import gateway.auth.ClientAddress;
import gateway.auth.RateLimit.Rate;
import gateway.http.Cors;
import gateway.http.Envelope;
import gateway.http.Gate;
import gateway.http.ScopeRules;
import gateway.http.Throttle;
import gateway.http.hardened.HardenedServer;
import gateway.http.hardened.Limits;
import gateway.secret.KeyRing;
import gateway.secret.SealedSettings;

/** The Admin API with real HTTP and real files, a scripted supervisor behind it. */
final class AdminRig implements AutoCloseable {
    static final String TOKEN = "a3d8f7e2b9c1d4e5f6a7b8c9d0e1f2a3";
    static final int RESERVED = 18_088;

    final ScriptedSupervisor supervisor = new ScriptedSupervisor();
    final List<AuditEntry> audited = new CopyOnWriteArrayList<>();
    final List<String> counted = new CopyOnWriteArrayList<>();
    final InstanceFiles files;
    final InstanceSecrets handOver;
    volatile boolean auditFails;
    volatile boolean diskFull;
    private final Authenticator authenticator = new Authenticator(UnaryOperator.identity(), InstantSource.system());
    private final AuditLog closedLog;
    private final HardenedServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    AdminRig(Path folder, Map<String, String> inherited) {
        closedLog = closedLog(folder.resolveSibling("log"));
        handOver = InstanceSecrets.of(Map.of(), folder);
        files = new InstanceFiles(folder, sealing(folder), InstantSource.system(), (channel, bytes) -> {
            if (diskFull) {
                // As a full disk does it: some of it arrives.
                channel.write(bytes.slice(0, 10));
                throw new IOException("No space left on device");
            }
            EnvFile.Disk.REAL.write(channel, bytes);
        });
        var metrics = new Counting();
        var instances = new Instances(
                files,
                handOver,
                supervisor,
                new PortRules(Set.of(RESERVED)),
                new InstanceSettings(inherited, folder.resolve("nowhere")),
                metrics);
        var configured = authenticator.configured();
        configured.replace(List.of(), List.of(configured.adminToken(TOKEN, java.time.Instant.MAX)));
        var off = new Rate(0, 0);
        var gate = new Gate(
                new AdminManner(),
                authenticator,
                ClientAddress.direct(),
                new Throttle("", off, off),
                ScopeRules.manageOnly(),
                Cors.none(),
                new Remembering(),
                AuthMetrics.NONE);
        server = HardenedServer.builder("admin")
                .limits(Limits.API.withBodyBytes(AdminApi.BODY_BYTES))
                .translating(AdminReply::known)
                .refusing(AdminReply::problem)
                .filter(new RequestCounter(metrics))
                .routes(routes -> {
                    routes.register(new AdminHealth(instances, "1.2.3", new gateway.process.Workers()));
                    routes.any(gate);
                    routes.register(new AdminApi(instances));
                })
                .start();
    }

    /** Under a key in a file beside the instances. */
    static SealedSettings sealing(Path folder) {
        return new SealedSettings(KeyRing.file(folder.resolveSibling(folder.getFileName() + ".key")));
    }

    /** A log that takes nothing any more. */
    private static AuditLog closedLog(Path folder) {
        try {
            var log = new AuditLog(
                    Files.createDirectories(folder).resolve("security.log"),
                    folder.resolve("audit"),
                    Clock.systemUTC(),
                    checkpoint -> {},
                    AuditMetrics.NONE);
            log.close();
            return log;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What came back, its body as JSON. */
    record Reply(int status, JsonNode body, HttpResponse<String> raw) {
        String error() {
            return body.path("error").textValue();
        }

        String message() {
            return body.path("message").textValue();
        }

        JsonNode data() {
            return body.path("data");
        }
    }

    Reply post(String json) {
        return send(request("/admin/instances").POST(BodyPublishers.ofString(json)));
    }

    Reply patch(int port, String json) {
        return send(request("/admin/instances/" + port).method("PATCH", BodyPublishers.ofString(json)));
    }

    Reply get(String path) {
        return send(request(path).GET());
    }

    Reply delete(String path) {
        return send(request(path).DELETE());
    }

    HttpRequest.Builder request(String path) {
        return anonymous(path).header("Authorization", "Bearer " + TOKEN);
    }

    HttpRequest.Builder anonymous(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .header("Content-Type", "application/json");
    }

    Reply send(HttpRequest.Builder request) {
        try {
            var raw = client.send(request.build(), BodyHandlers.ofString());
            return new Reply(raw.statusCode(), Envelope.JSON.readTree(raw.body()), raw);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
        authenticator.close();
        try {
            InstanceFiles.delete(handOver.of(0).getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Counting implements AdminMetrics {
        @Override
        public void request(String method, String path, int status) {
            counted.add(method + " " + path + " " + status);
        }

        @Override
        public void operation(String operation, String result) {
            counted.add(operation + " " + result);
        }

        @Override
        public void supervisorError() {
            counted.add("supervisor error");
        }
    }

    private final class Remembering implements SecurityLog {
        @Override
        public void write(AuditEntry entry) {
            if (auditFails) {
                closedLog.write(entry);
            }
            audited.add(entry);
        }

        @Override
        public void count(AuditEntry entry) {
            audited.add(entry);
        }

        @Override
        public String keyed(String value) {
            return "hmac:-";
        }
    }
}
