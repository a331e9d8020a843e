package gateway.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.check.Evidence;
import gateway.check.Unseen;

/** The command line of {@code whatsapp check}, on a machine of which nothing can be seen. */
class CheckCommandTest {
    @TempDir
    Path directory;

    private CommandRig rig;

    @BeforeEach
    void open() {
        rig = new CommandRig(directory);
    }

    private static Evidence dark() {
        return (Evidence) Proxy.newProxyInstance(
                Evidence.class.getClassLoader(), new Class<?>[] {Evidence.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("now")) {
                        return Instant.EPOCH;
                    }
                    throw new Unseen("it is dark");
                });
    }

    private int run(boolean terminal, String... words) {
        return rig.commands(Map.of())
                .with(
                        "check",
                        () -> new CheckCommand(CheckCommandTest::dark, "1.2.3", kept -> {}, Optional.of(terminal)))
                .run(words);
    }

    @Test
    void nothingSeenIsNeverAPass() {
        assertEquals(3, run(false, "check"));
        assertTrue(rig.out.toString().contains("\n0 pass, 0 warn, 0 fail"), rig.out.toString());
        assertTrue(rig.out.toString().contains("it is dark"));
    }

    @Test
    void afterADeploymentNothingSeenFails() {
        assertEquals(1, run(false, "check", "--phase", "post"));
    }

    @Test
    void aPhaseRunsItsOwnItemsAlone() {
        assertEquals(3, run(false, "check", "--phase", "weekly"));
        var text = rig.out.toString();
        assertTrue(text.contains("backup-whole  B-WEEK-4"), text);
        assertFalse(text.contains("tls-versions"), text);
    }

    @Test
    void wrongUsageIsOneSentence() {
        assertEquals(2, run(false, "check", "--phase", "yearly"));
        assertTrue(rig.err.toString().contains("--phase must be one of pre, post, weekly, monthly, quarterly"));
        assertEquals(2, run(false, "check", "--format", "xml"));
        assertTrue(rig.err.toString().contains("--format must be one of text, json, junit, html, prometheus"));
        assertEquals(2, run(false, "check", "--only", "certificat"));
        assertTrue(rig.err.toString().contains("did you mean certificate?"), rig.err.toString());
        assertEquals(2, run(false, "check", "--phase", "weekly", "--only", "certificate"));
        assertTrue(rig.err.toString().contains("leave no check"), rig.err.toString());
        assertEquals("", rig.out.toString());
    }

    @Test
    void colourAndProgressAreForATerminalOnly() {
        assertEquals(3, run(true, "check", "--only", "certificate"));
        assertTrue(rig.out.toString().contains("\u001B[35munknown"), rig.out.toString());
        assertTrue(rig.err.toString().contains("1 of 1 checks"));
        open();
        assertEquals(3, run(false, "check", "--only", "certificate"));
        assertFalse(rig.out.toString().contains("\u001B"));
        assertEquals("", rig.err.toString());
        open();
        assertEquals(3, run(true, "check", "--only", "certificate", "--format", "json"));
        assertFalse(rig.out.toString().contains("\u001B["), "JSON has no colour");
    }

    @Test
    void eachHalfRunsItsOwnChecks() {
        assertEquals(3, run(false, "check", "--half", "root"));
        assertTrue(rig.out.toString().contains("firewall"), rig.out.toString());
        assertFalse(rig.out.toString().contains("tls-versions"), rig.out.toString());
        open();
        assertEquals(3, run(false, "check", "--half", "own"));
        assertFalse(rig.out.toString().contains("firewall"), rig.out.toString());
        open();
        assertEquals(2, run(false, "check", "--half", "third"));
        assertTrue(rig.err.toString().contains("--half must be one of"), rig.err.toString());
    }

    @Test
    void aReportGoesIntoAFileWholeOrNotAtAll() throws Exception {
        var file = directory.resolve("report.json");
        assertEquals(3, run(false, "check", "--format", "json", "--output", file.toString()));
        assertTrue(Files.readString(file).contains("\"exit_code\" : 3"));
        assertEquals("", rig.out.toString());
        assertEquals(
                2,
                run(false, "check", "--output", directory.resolve("none/report").toString()));
        assertTrue(rig.err.toString().contains("error: --output cannot be written."), rig.err.toString());
    }

    @Test
    void aKeptReportIsOfAPhase() throws Exception {
        assertEquals(2, run(false, "check", "--keep", directory.toString()));
        assertTrue(rig.err.toString().contains("--keep needs --phase"), rig.err.toString());
        open();
        assertEquals(3, run(false, "check", "--phase", "quarterly", "--keep", directory.toString()));
        assertTrue(rig.out.toString().contains("whatsapp attest B-QTR-1 --by NAME --until DATE"), rig.out.toString());
        assertTrue(Files.exists(directory.resolve("quarterly-19700101T000000Z.html")));
    }

    @Test
    void theFiguresAreOfEveryPhaseAndTheReportIsOfItsOwn() throws Exception {
        var file = directory.resolve("check.prom");
        assertEquals(
                3,
                run(
                        false,
                        "check",
                        "--phase",
                        "quarterly",
                        "--keep",
                        directory.toString(),
                        "--figures",
                        file.toString()));
        var figures = Files.readString(file);
        assertTrue(figures.contains("whatsapp_check_status{id=\"A-TLS-1\"} 1\n"), figures);
        assertTrue(figures.contains("whatsapp_check_status{id=\"B-QTR-4\"} 1\n"), figures);
        var report = Files.readString(directory.resolve("quarterly-19700101T000000Z.json"));
        assertFalse(report.contains("A-TLS-1"), report);
        open();
        assertEquals(
                1,
                run(false, "check", "--phase", "post", "--keep", directory.toString(), "--figures", file.toString()));
        assertTrue(Files.readString(directory.resolve("post-19700101T000000Z.json"))
                .contains("\"firewall\""));
        open();
        assertEquals(
                2,
                run(
                        false,
                        "check",
                        "--figures",
                        directory.resolve("none/figures").toString()));
        assertTrue(rig.err.toString().contains("error: --figures cannot be written."), rig.err.toString());
    }

    @Test
    void whatLeavesTheMachineIsAskedForByName() {
        assertEquals(3, run(false, "check"));
        assertFalse(rig.out.toString().contains("certificate-from-outside"));
        assertEquals(2, run(false, "check", "--only", "certificate-from-outside"));
        assertTrue(rig.err.toString().contains("needs --online"), rig.err.toString());
        assertEquals(3, run(false, "check", "--online", "--only", "certificate-from-outside"));
        assertTrue(rig.out.toString().contains("certificate-from-outside"));
    }

    @Test
    void theHelpHasExamples() {
        assertEquals(0, run(false, "check", "--help"));
        assertTrue(rig.out.toString().contains("whatsapp check --phase weekly"), rig.out.toString());
    }
}
