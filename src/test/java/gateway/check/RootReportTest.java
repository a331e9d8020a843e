package gateway.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the gateway's user learns from root's report, and which reports it does not believe. */
class RootReportTest {
    @TempDir
    Path directory;

    private PaperMachine machine;

    @BeforeEach
    void open() {
        machine = new PaperMachine(directory);
        report(PaperMachine.NOW.minus(Duration.ofMinutes(7)));
        machine.file(RootReport.PLACE, "directory", "root", 0755, PaperMachine.NOW);
        machine.file(RootReport.FILE, "file", "root", 0644, PaperMachine.NOW);
    }

    /** The report that root's half makes of this very machine. */
    private void report(Instant time) {
        var root = Checks.ALL.stream()
                .filter(check -> check.half() == Check.Half.ROOT)
                .toList();
        var results = new CheckRun(machine, Duration.ofSeconds(20)).of(root, done -> {});
        machine.texts.put(RootReport.FILE, ReportForm.JSON.print(new Report(time, "1.2.3", Optional.empty(), results)));
    }

    private Verdict firewall() {
        var check = Checks.ALL.stream()
                .filter(one -> one.name().equals("firewall"))
                .findFirst()
                .orElseThrow()
                .withoutRoot();
        return new CheckRun(machine, Duration.ofSeconds(20))
                .of(List.of(check), done -> {})
                .getFirst()
                .verdict();
    }

    private void unknown(String why) {
        assertEquals("unknown", firewall().word());
        assertTrue(firewall().evidence().contains(why), firewall().evidence());
    }

    @Test
    void whatRootSawCounts() {
        assertEquals("pass", firewall().word());
        assertTrue(
                firewall().evidence().contains("root looked 7 minutes ago"),
                firewall().evidence());
        machine.unit(SoundUpkeep.FIREWALL, "");
        report(PaperMachine.NOW);
        assertEquals("fail", firewall().word());
        machine.shut.add("nft");
        report(PaperMachine.NOW);
        assertEquals("unknown", firewall().word());
    }

    @Test
    void aReportThatIsAbsentOldOrNotRootsIsUnknown() {
        report(PaperMachine.NOW.minus(Duration.ofHours(27)));
        unknown("too old");
        report(PaperMachine.NOW.plus(Duration.ofHours(1)));
        unknown("a clock jumped");
        open();
        machine.file(RootReport.FILE, "file", "whatsapp", 0644, PaperMachine.NOW);
        unknown("root alone can write");
        machine.file(RootReport.FILE, "file", "root", 0664, PaperMachine.NOW);
        unknown("root alone can write");
        machine.file(RootReport.FILE, "link", "root", 0644, PaperMachine.NOW);
        unknown("root alone can write");
        open();
        machine.file(RootReport.PLACE, "directory", "whatsapp", 0755, PaperMachine.NOW);
        unknown("root alone can write");
        machine.file(RootReport.PLACE, "directory", "root", 0777, PaperMachine.NOW);
        unknown("root alone can write");
        machine.files.remove(RootReport.FILE);
        unknown("root has not looked yet");
    }

    @Test
    void aReportThatIsCutOrSaysNothingIsUnknown() {
        var whole = machine.texts.get(RootReport.FILE);
        machine.texts.put(RootReport.FILE, whole.substring(0, whole.length() / 2));
        unknown("is not a report");
        machine.texts.put(RootReport.FILE, "{}");
        unknown("is not a report");
        machine.texts.put(RootReport.FILE, whole.replace("\"firewall\"", "\"wall\""));
        unknown("says nothing about this check");
        machine.texts.put(RootReport.FILE, whole.replace("\"pass\"", "\"fine\""));
        unknown("a verdict that is none");
    }
}
