package gateway.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

import gateway.check.Check.Area;
import gateway.check.Check.Phase;
import gateway.check.Check.Severity;
import gateway.check.CheckRun.Result;

/** The exit code and the five forms of a report; what evidence holds cannot break a form. */
class ReportTest {
    private static final String HOSTILE = "a <b> \"&\" \u001B[2J\n\u0000 \u009B2J \u202E \uFFFF \uD800 file";
    private static final Pattern LINE =
            Pattern.compile("# (HELP|TYPE) .+|[a-z_]+(\\{id=\"[AB]-[A-Z]+-[0-9]\"\\})? [0-9]+");

    private static Result result(String id, Severity severity, Verdict verdict) {
        var check = new Check(
                "about-" + id.toLowerCase(java.util.Locale.ROOT),
                Area.SYSTEM,
                severity,
                List.of(id),
                "something",
                "whatsapp check",
                evidence -> verdict);
        return new Result(check, verdict, Duration.ofMillis(12));
    }

    private static Report report(Optional<Phase> phase, Result... results) {
        return new Report(Instant.parse("2027-01-01T00:00:00Z"), "1.2.3", phase, List.of(results));
    }

    private static final Result PASS = result("A-SYS-1", Severity.HIGH, new Verdict.Pass("seen"));
    private static final Result NONE = result("A-DB-3", Severity.HIGH, new Verdict.NotApplicable("a file"));
    private static final Result WARN = result("A-TLS-1", Severity.HIGH, new Verdict.Warn(HOSTILE, "certbot renew"));
    private static final Result FAIL = result("A-NET-2", Severity.LOW, new Verdict.Fail(HOSTILE, "ss -ltn"));
    private static final Result GRAVE = result("A-SYS-3", Severity.HIGH, new Verdict.Unknown(HOSTILE, "id"));
    private static final Result SMALL = result("A-SYS-4", Severity.LOW, new Verdict.Unknown("shut", "id"));

    @Test
    void theExitCodeIsThatOfTheWorstVerdict() {
        assertEquals(0, report(Optional.empty(), PASS, NONE).exitCode());
        assertEquals(3, report(Optional.empty(), PASS, WARN).exitCode());
        assertEquals(3, report(Optional.empty(), PASS, GRAVE).exitCode());
        assertEquals(1, report(Optional.empty(), WARN, FAIL, GRAVE).exitCode());
    }

    @Test
    void afterADeploymentWhatIsGraveAndUnknownFails() {
        assertEquals(1, report(Optional.of(Phase.POST), PASS, GRAVE).exitCode());
        assertEquals(3, report(Optional.of(Phase.POST), PASS, SMALL).exitCode());
        assertEquals(3, report(Optional.of(Phase.PRE), PASS, GRAVE).exitCode());
        assertTrue(ReportForm.TEXT.print(report(Optional.of(Phase.POST), GRAVE)).contains("is a failure"));
    }

    private static Report all() {
        return report(Optional.empty(), PASS, NONE, WARN, FAIL, GRAVE);
    }

    @Test
    void theTextHasNoControlCharacterAndSaysHowManyItemsItIsAbout() {
        var text = ReportForm.TEXT.print(all());
        assertFalse(text.matches("(?s).*[\u001B\u009B\u202E\uD800].*"));
        assertTrue(text.contains("try: ss -ltn"), text);
        assertTrue(text.contains("1 pass, 1 warn, 1 fail, 1 unknown, 1 not applicable."), text);
        assertTrue(text.contains("about 5 of the guides' 82 items"), text);
        assertTrue(text.contains(Report.built() + " have a check"), text);
        assertEquals(
                text,
                ReportForm.coloured(all()).replaceAll("\u001B\\[[0-9]+m", ""),
                "the colours are all that differs");
        assertFalse(ReportForm.coloured(all()).contains("\u001B[2J"));
    }

    @Test
    void jsonHasEachCheckWithItsEvidence() throws Exception {
        var json = new ObjectMapper().readTree(ReportForm.JSON.print(all()));
        assertEquals(82, json.path("items").intValue());
        assertEquals(Report.built(), json.path("items_built").longValue());
        assertEquals(5, json.path("items_in_this_run").intValue());
        assertEquals(1, json.path("exit_code").intValue());
        assertEquals(HOSTILE, json.path("checks").get(3).path("evidence").textValue());
        assertEquals(
                "not_applicable", json.path("checks").get(1).path("verdict").textValue());
        assertEquals("A-NET-2", json.path("checks").get(3).path("ids").get(0).textValue());
        assertEquals(1, json.path("counts").path("fail").intValue());
    }

    @Test
    void junitIsXmlWithItsCounts() throws Exception {
        var suite = xml(ReportForm.JUNIT.print(all())).getDocumentElement();
        assertEquals("5", suite.getAttribute("tests"));
        assertEquals("1", suite.getAttribute("failures"));
        assertEquals("1", suite.getAttribute("errors"));
        assertEquals("1", suite.getAttribute("skipped"));
        assertEquals(5, suite.getElementsByTagName("testcase").getLength());
        assertEquals(1, suite.getElementsByTagName("failure").getLength());
        assertEquals(1, suite.getElementsByTagName("error").getLength());
        assertEquals(1, suite.getElementsByTagName("skipped").getLength());
    }

    @Test
    void htmlIsWellFormedAndLoadsNothing() throws Exception {
        var text = ReportForm.HTML.print(all());
        var page = xml(text.replaceFirst("<!doctype html>", ""));
        assertEquals(
                5, page.getElementsByTagName("tbody").item(0).getChildNodes().getLength() / 2);
        assertEquals(0, page.getElementsByTagName("script").getLength());
        assertFalse(text.matches("(?s).*(src|href)=.*"));
        assertTrue(text.contains("Signature"));
        assertTrue(text.contains("Unnecessary ports closed"), "the guide's words");
    }

    @Test
    void prometheusHasTheWorstVerdictOfEachItem() {
        var twin = result("A-SYS-1", Severity.HIGH, new Verdict.Fail("seen", "id"));
        var text = ReportForm.PROMETHEUS.print(report(Optional.empty(), PASS, twin, PASS, WARN, NONE, GRAVE));
        text.lines().forEach(line -> assertTrue(LINE.matcher(line).matches(), line));
        assertTrue(text.contains("whatsapp_check_status{id=\"A-SYS-1\"} 2\n"), text);
        assertTrue(text.contains("whatsapp_check_status{id=\"A-TLS-1\"} 1\n"), text);
        assertTrue(text.contains("whatsapp_check_status{id=\"A-SYS-3\"} 1\n"), text);
        assertTrue(text.contains("whatsapp_check_status{id=\"A-DB-3\"} 0\n"), text);
        assertFalse(text.contains("A-TEST-5"), "no item that no check of the run is about");
        assertTrue(text.contains("whatsapp_check_last_run_timestamp_seconds 1798761600\n"), text);
    }

    private static Document xml(String text) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(text)));
    }
}
