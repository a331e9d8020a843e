package gateway.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.check.CheckRun.Result;
import gateway.check.Report.Kind;

/** Each check is green on a sound machine, and red on one that is broken in what the check is about. */
class ChecksTest {
    @TempDir
    Path directory;

    private List<Result> run(Evidence machine) {
        return new CheckRun(machine, Duration.ofSeconds(20)).of(Checks.of(true), done -> {});
    }

    @Test
    void everyCheckHasARedCase() {
        var red = Breaks.ALL.stream().map(Breaks::check).collect(Collectors.toSet());
        assertEquals(
                Set.of(),
                Checks.of(true).stream()
                        .map(Check::name)
                        .filter(name -> !red.contains(name))
                        .collect(Collectors.toSet()));
    }

    @Test
    void onASoundMachineEveryCheckIsGreen() {
        var wrong = run(new PaperMachine(directory)).stream()
                .filter(result -> Kind.of(result.verdict()) != Kind.PASS)
                .map(result -> result.check().name() + ": " + result.verdict())
                // SQLite is a file, so that nothing is to be encrypted on the way to it.
                .filter(text -> !text.startsWith("database-tls: NotApplicable"))
                .toList();
        assertEquals(List.of(), wrong);
    }

    @Test
    void whatIsBrokenIsRedAndIsNamed() {
        var missed = new ArrayList<String>();
        for (var broken : Breaks.ALL) {
            var machine = new PaperMachine(directory);
            broken.change().accept(machine);
            var verdict = verdict(machine, broken.check());
            var kind = Kind.of(verdict);
            if (kind != Kind.FAIL && kind != Kind.WARN || !verdict.evidence().contains(broken.seen())) {
                missed.add(broken.check() + " on " + broken.seen() + ": " + verdict);
            }
            if (!verdict.remedy().matches("[a-z][a-z0-9-]* .*|[a-z]+")) {
                missed.add(broken.check() + " has no command as its remedy: " + verdict.remedy());
            }
        }
        assertEquals(List.of(), missed);
    }

    private static Verdict verdict(Evidence machine, String name) {
        var check = Checks.of(true).stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        return new CheckRun(machine, Duration.ofSeconds(20))
                .of(List.of(check), done -> {})
                .getFirst()
                .verdict();
    }

    /** Each of these stands for a part of the machine that is missing or may not be read. */
    @Test
    void whatCannotBeLookedAtIsNeverAPass() {
        var shut = List.of(
                "/",
                "systemctl",
                "3000",
                "13000",
                "443",
                "80 ",
                "90",
                "log",
                "SELECT",
                "PRAGMA",
                "apt",
                "attestation",
                "nft",
                "sshd",
                "auditctl",
                "journalctl",
                "15852");
        var machine = new PaperMachine(directory);
        machine.shut.addAll(shut);
        machine.settings.put("APP_PORT", "nonsense");
        var passed = run(machine).stream()
                .filter(result -> Kind.of(result.verdict()) == Kind.PASS)
                .map(result -> result.check().name())
                .toList();
        assertEquals(List.of(), passed);
    }

    /** Evidence that cannot be had, one piece at a time. */
    @Test
    void aCheckWithoutItsMainEvidenceIsUnknownWithTheReason() {
        var wrong = new ArrayList<String>();
        for (var dark : Unknowns.ALL) {
            var machine = new PaperMachine(directory);
            dark.change().accept(machine);
            var verdict = verdict(machine, dark.check());
            if (!(verdict instanceof Verdict.Unknown) || !verdict.evidence().contains(dark.seen())) {
                wrong.add(dark.check() + " on " + dark.seen() + ": " + verdict);
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void everyCheckHasACaseThatIsUnknown() {
        var dark = Unknowns.ALL.stream().map(Unknowns::check).collect(Collectors.toSet());
        assertEquals(
                List.of(),
                Checks.of(true).stream()
                        .map(Check::name)
                        .filter(name -> !dark.contains(name))
                        .toList());
    }

    @Test
    void noReceiverIsAskedThatIsNotMarkedAsAProbe() {
        var machine = new PaperMachine(directory);
        verdict(machine, "webhook-signatures");
        assertEquals(4, machine.asked.size(), machine.asked.toString());
        machine = new PaperMachine(directory);
        machine.settings.remove("WHATSAPP_WEBHOOK_PROBES");
        verdict(machine, "webhook-signatures");
        assertEquals(List.of(), machine.asked);
    }

    @Test
    void aReceiverIsAskedByItsWholeUrl() {
        var machine = new PaperMachine(directory);
        var url = "http://127.0.0.1:15852/webhook?tenant=7";
        machine.settings.put("WHATSAPP_WEBHOOK", url);
        machine.settings.put("WHATSAPP_WEBHOOK_PROBES", url);
        verdict(machine, "webhook-signatures");
        assertEquals(
                Set.of("15852 POST /webhook?tenant=7 HTTP/1.1"),
                machine.asked.stream()
                        .map(request -> request.replaceFirst(" from .*", ""))
                        .collect(Collectors.toSet()));
    }

    @Test
    void requestsOfChecksComeFromAddressesThatNoClientHas() {
        var machine = new PaperMachine(directory);
        run(machine);
        assertEquals(
                List.of(),
                machine.asked.stream()
                        .filter(request ->
                                !request.endsWith(" from 127.0.0.82") && !request.endsWith(" from 127.0.0.83"))
                        .toList());
    }

    @Test
    void aMachineWithoutAnEdgeIsUnknownForTls() {
        var machine = new PaperMachine(directory);
        machine.texts.remove(Edge.NGINX);
        var verdict = verdict(machine, "certificate");
        assertEquals("unknown", verdict.word());
        assertTrue(verdict.evidence().contains("no edge"), verdict.evidence());
    }

    @Test
    void aPasswordThatIsOnlyAHashIsUnknown() {
        var machine = new PaperMachine(directory);
        machine.secret(
                "APP_BASIC_AUTH",
                "admin:$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
                        + "dGhpcyBpcyBub3QgYSByZWFsIGhhc2ggYXQgYWxsIQA");
        assertEquals("unknown", verdict(machine, "password-length").word());
    }

    @Test
    void noVerdictRepeatsASecret() {
        var secrets = List.of("kV8-wq2Lx7", "nB5tQe8Wz1", "Zr4Tj9Wq6B", "q7Hd2Kf5Gy");
        var said = new ArrayList<String>();
        for (var broken : Breaks.ALL) {
            var machine = new PaperMachine(directory);
            broken.change().accept(machine);
            var verdict = verdict(machine, broken.check());
            said.add(verdict.evidence() + verdict.remedy());
        }
        run(new PaperMachine(directory))
                .forEach(result -> said.add(result.verdict().evidence()));
        assertEquals(
                List.of(),
                said.stream()
                        .filter(text -> secrets.stream().anyMatch(text::contains))
                        .toList());
    }

    @Test
    void everyItemHasACheck() {
        assertEquals(
                List.of(),
                Checks.byItem().entrySet().stream()
                        .filter(entry -> entry.getValue().isEmpty())
                        .map(entry -> entry.getKey().id())
                        .toList());
    }

    /** 13 to do, 11 not to do, 5 recommendations, 5 metrics, 4 thresholds, 4 documents. */
    @Test
    void theFurtherLinesAreAllThereAndNameChecksThatExist() {
        var groups = FurtherLine.all().stream()
                .collect(Collectors.groupingBy(
                        line -> line.id().replaceAll("-[0-9]+$", ""), java.util.TreeMap::new, Collectors.counting()));
        assertEquals("{A-DO=13, A-DONT=11, B-DOC=4, B-MET=5, B-REC=5, B-THR=4}", groups.toString());
        assertEquals(
                42, FurtherLine.all().stream().map(FurtherLine::id).distinct().count());
        var names = Checks.of(true).stream().map(Check::name).collect(Collectors.toSet());
        assertEquals(
                List.of(),
                FurtherLine.all().stream()
                        .filter(line -> line.check().isPresent()
                                && !names.contains(line.check().get()))
                        .toList());
    }

    @Test
    void namesAreUsedOnceAndItemsAreTheGuides() {
        var names = Checks.of(true).stream().map(Check::name).toList();
        assertEquals(names.size(), new HashSet<>(names).size());
        assertEquals(82, Item.all().size());
        assertEquals(
                "47 35",
                Item.all().stream().filter(item -> item.id().startsWith("A-")).count() + " "
                        + Item.all().stream()
                                .filter(item -> item.id().startsWith("B-"))
                                .count());
        var unknown = new TreeSet<>(Stream.of(Check.Phase.values()).toList());
        Item.all().forEach(item -> unknown.remove(item.phase()));
        assertEquals(Set.of(), unknown);
    }
}
