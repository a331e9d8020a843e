package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.http.Envelope;

/** The console's page of the posture: without a report, and with two; judged by axe-core. */
class ConsolePostureTest {
    /** What a report could hold to deceive whoever reads the page. */
    private static final String MARKUP = "<img src=x onerror=alert(1)>";

    @TempDir
    Path folder;

    @Test
    void thePostureIsShownWithWhatIsRedAndWhatHelps() throws Exception {
        var reports = Files.createDirectories(folder.resolve("reports"));
        try (var program = Program.rest(folder, Map.of("APP_CHECK_REPORTS", reports.toString()));
                var browser = new Browser(folder.resolve("profile"))) {
            browser.screen(1280, 860, false);
            browser.open(program.consoleUrl() + "/#/posture");
            browser.read(".empty", "This machine has no report of the checklist.");
            browser.read(".empty", "systemctl start whatsapp-check@post");
            browser.read("#attestations", "whatsapp attest A-TEST-5 --by NAME --until DATE");
            for (int day = 1; day >= 0; day--) {
                var time = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofDays(day));
                Files.writeString(
                        reports.resolve("post-" + time.toString().replaceAll("[-:]", "") + ".json"), report(day == 0));
            }
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> Program.json(program.get("/console/posture"))
                                    .at("/results/trend")
                                    .size()
                            == 2);
            browser.clickOn("Look again");
            browser.read("#summary", "1 fail");
            browser.read("[data-area=tls]", "1 of 2 open");
            browser.read("[data-area=tls] li", MARKUP);
            browser.read("[data-area=tls] li code", "systemctl reload nginx");
            browser.read("#changes", "tls-versions was pass, is fail");
            browser.read("#trend", "2 of 90 days have a daily report");
            browser.read("#reports", "Daily made ");
            assertEquals(1, browser.elements(".trend .fail").size());
            assertEquals(
                    0,
                    browser.run("return document.querySelectorAll('main img').length")
                            .asInt());
            browser.run("document.querySelectorAll('main details').forEach((one) => { one.open = true; })");
            Look.all(browser, "posture");
            assertEquals(List.of(), browser.complaints());
        }
    }

    @Test
    void onlyWhoManagesTheWholeGatewaySeesIt() throws Exception {
        try (var program = Program.rest(folder, Map.of())) {
            for (var rights :
                    List.of("{\"scopes\":\"read,send\"}", "{\"scopes\":\"read,send,manage\",\"device\":\"default\"}")) {
                var token = Program.json(program.post("/tokens", rights))
                        .at("/results/token")
                        .textValue();
                for (var path : List.of("/console/posture", "/console/%70osture")) {
                    var reply = program.send(program.request(path).setHeader("Authorization", "Bearer " + token));
                    assertEquals(403, reply.statusCode(), path + " with " + rights);
                    assertFalse(reply.body().contains("attestations"), reply.body());
                }
            }
            assertEquals(200, program.get("/console/posture").statusCode());
        }
    }

    private static String report(boolean broken) {
        var json = Envelope.JSON.createObjectNode();
        json.putObject("counts")
                .put("pass", broken ? 1 : 2)
                .put("not_applicable", 0)
                .put("unknown", 0)
                .put("warn", 0)
                .put("fail", broken ? 1 : 0);
        var checks = json.putArray("checks");
        for (var name : List.of("tls-versions", "certificate")) {
            boolean red = broken && name.equals("tls-versions");
            checks.addObject()
                    .put("name", name)
                    .put("area", "tls")
                    .put("severity", "high")
                    .put("verdict", red ? "fail" : "pass")
                    .put("evidence", MARKUP)
                    .put("remedy", red ? "systemctl reload nginx" : "")
                    .putArray("ids")
                    .add("A-TLS-3");
        }
        return json.toString();
    }
}
