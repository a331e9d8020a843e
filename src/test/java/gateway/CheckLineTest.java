package gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import gateway.http.Envelope;

/** The real command beside a real gateway, which must not notice it. */
@Timeout(240)
class CheckLineTest {
    @TempDir
    Path folder;

    private Program program;

    @BeforeEach
    void start() throws Exception {
        Files.writeString(folder.resolve("users"), "admin:" + Program.PASSWORD);
        program = Program.rest(folder, Map.of("APP_RATE_LIMIT", "10/20"));
        program.url();
    }

    @AfterEach
    void end() throws Exception {
        program.close();
    }

    private String check(int code, Map<String, String> more, String... arguments) throws Exception {
        var environment = new HashMap<>(Map.of(
                "APP_BASIC_AUTH_FILE",
                "users",
                "APP_PORT",
                "" + URI.create(program.url()).getPort(),
                "APP_METRICS_PORT",
                "" + program.metricsPort()));
        environment.putAll(more);
        var words = new String[arguments.length + 1];
        words[0] = "check";
        System.arraycopy(arguments, 0, words, 1, arguments.length);
        try (var command = Program.start(folder, environment, words)) {
            assertEquals(code, command.exit(), command::output);
            return command.output();
        }
    }

    private static String verdict(JsonNode report, String name) {
        return found(report, name).path("verdict").asText("not run");
    }

    private static JsonNode found(JsonNode report, String name) {
        for (var check : report.path("checks")) {
            if (check.path("name").textValue().equals(name)) {
                return check;
            }
        }
        return MissingNode.getInstance();
    }

    @Test
    void aRunTellsTheTruthOfThisGatewayAndNoClientNotices() throws Exception {
        assertEquals(200, program.get("/app/devices").statusCode());
        var log = folder.resolve("storages/security.log");
        long lines = Files.readAllLines(log).size();
        var report = Envelope.JSON.readTree(check(1, Map.of(), "--format", "json"));
        assertEquals(82, report.path("items").intValue());
        var wrong = new ArrayList<String>();
        for (var name : new String[] {
            "password-length",
            "api-asks-for-credential",
            "errors-tell-nothing",
            "rate-limit",
            "database-credentials",
            "database-answers",
            "security-log-chain",
            "gateway-on-loopback",
            "file-permissions",
            "log-level",
            "secrets-rotated",
            "failed-login-recorded",
            "rate-limit-met",
            "hostile-requests"
        }) {
            if (!verdict(report, name).equals("pass")) {
                wrong.add(name + ": " + found(report, name));
            }
        }
        assertEquals(List.of(), wrong);
        assertEquals("fail", verdict(report, "production-mode"), "the gateway runs with the profile development");
        assertEquals("fail", verdict(report, "backup-recent"));
        assertEquals("not_applicable", verdict(report, "database-tls"));
        assertEquals("not_applicable", verdict(report, "webhook-https"));
        assertFalse(report.toString().contains(Program.PASSWORD));

        var own = Files.readAllLines(log).stream().skip(lines).toList();
        assertTrue(
                own.stream().allMatch(line -> line.matches(".*\"src_ip\":\"127\\.0\\.0\\.8[23]\".*")),
                "a line that is not the probes' own: " + own);
        assertEquals(
                1,
                own.stream().filter(line -> line.contains("authn_login_fail")).count(),
                own.toString());
        assertEquals(200, program.get("/app/devices").statusCode());
        var metrics = program.metrics();
        assertTrue(metrics.matches("(?s).*whatsapp_auth_backoffs_active\\{[^}]*\\} 0.*"), metrics);
        // What alerts count stands still: a run is no failure.
        assertTrue(metrics.matches("(?s).*reason=\"credentials\"[^}]*\\} 0.*"), metrics);
        assertTrue(metrics.matches("(?s).*reason=\"probe\"[^}]*\\} 1.*"), metrics);
        assertTrue(metrics.matches("(?s).*listener=\"rest\",status=\"4xx\"\\} 0\n.*"), metrics);
        assertTrue(metrics.matches("(?s).*listener=\"rest\",status=\"probe\"\\} [1-9][0-9]+\n.*"), metrics);
    }

    /** Behind the edge every connection is the edge's own, and the address of the probes stands in its header. */
    @Test
    void aProbeThroughAProxyThatIsTrustedIsCountedApart() throws Exception {
        var other = Files.createDirectory(folder.resolve("other"));
        for (var trusted : List.of("127.0.0.1", "192.0.2.1")) {
            try (var behind = Program.rest(other, Map.of("APP_TRUSTED_PROXY", trusted))) {
                for (var client : List.of("127.0.0.82", "203.0.113.7")) {
                    var refused = behind.send(HttpRequest.newBuilder(URI.create(behind.url() + "/app/devices"))
                            .header("X-Forwarded-For", client));
                    assertEquals(401, refused.statusCode());
                }
                var metrics = behind.metrics();
                int probes = trusted.equals("127.0.0.1") ? 1 : 0;
                for (var count : Map.of("probe", probes, "4xx", 2 - probes).entrySet()) {
                    var line = "whatsapp_http_responses_total{listener=\"rest\",status=\"" + count.getKey() + "\"} "
                            + count.getValue() + "\n";
                    assertTrue(metrics.contains(line), trusted + ": " + metrics);
                }
            }
        }
    }

    @Test
    void aForgedLineAndAnOpenFileAreSeenAndOnlyThose() throws Exception {
        check(0, Map.of(), "--only", "security-log-chain", "--only", "A-SYS-2");
        var log = folder.resolve("storages/security.log");
        Files.writeString(log, Files.readString(log).replaceFirst("\"actor\":\"[^\"]*\"", "\"actor\":\"nobody\""));
        var said = check(1, Map.of(), "--only", "security-log-chain");
        assertTrue(said.contains("fail") && said.contains("security.log:1"), said);
        Files.setPosixFilePermissions(
                folder.resolve("storages/whatsapp.db"),
                java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
        said = check(1, Map.of(), "--only", "file-permissions", "--only", "database-credentials");
        assertTrue(said.contains("whatsapp.db has mode 0644"), said);
        assertTrue(said.contains("0 pass, 0 warn, 2 fail"), said);
    }

    @Test
    void aStateOfTheLogThatCannotBeReadIsUnknown() throws Exception {
        check(0, Map.of(), "--only", "security-log-chain");
        try (var files = Files.walk(folder)) {
            var state = files.filter(file -> file.endsWith("audit.state"))
                    .findFirst()
                    .orElseThrow();
            Files.delete(state);
            Files.createSymbolicLink(state, folder.resolve("nowhere"));
        }
        var said = check(3, Map.of(), "--only", "security-log-chain");
        assertTrue(said.contains("the security log cannot be verified"), said);
    }

    @Test
    void withoutAGatewayAndWithWrongSettingsNothingPasses() throws Exception {
        var said = check(3, Map.of("APP_METRICS_PORT", "1"), "--only", "secrets-rotated");
        assertTrue(said.contains("unknown") && said.contains("nothing listens"), said);
        said = check(3, Map.of("APP_PORT", "many"), "--only", "rate-limit");
        assertTrue(said.contains("the settings have errors, the first one in APP_PORT"), said);
        said = check(1, Map.of("APP_PORT", "many"), "--phase", "post");
        assertTrue(said.contains("After a deployment, an unknown verdict of severity high is a failure."), said);
    }
}
