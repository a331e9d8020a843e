package gateway.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
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
        return new CheckRun(machine, Duration.ofSeconds(20)).of(Checks.ALL, done -> {});
    }

    @Test
    void everyCheckHasARedCase() {
        var red = Breaks.ALL.stream().map(Breaks::check).collect(Collectors.toSet());
        assertEquals(
                Set.of(),
                Checks.ALL.stream()
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
        var check = Checks.ALL.stream()
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
        var shut = List.of("/", "systemctl", "3000", "13000", "443", "80 ", "90", "log", "SELECT", "PRAGMA", "apt");
        var machine = new PaperMachine(directory);
        machine.shut.addAll(shut);
        machine.settings.put("APP_PORT", "nonsense");
        var passed = run(machine).stream()
                .filter(result -> Kind.of(result.verdict()) == Kind.PASS)
                .map(result -> result.check().name())
                .toList();
        assertEquals(List.of(), passed);
    }

    /** The places that a check looks at, shut one at a time: whatever then passes did not need the place. */
    @Test
    void aCheckWithoutItsMainEvidenceIsUnknownWithTheReason() {
        var places = java.util.Map.ofEntries(
                java.util.Map.entry("certificate", "443 tls"),
                java.util.Map.entry("tls-versions", "443 tls"),
                java.util.Map.entry("security-headers", "443 /"),
                java.util.Map.entry("redirect-to-https", "80 /"),
                java.util.Map.entry("security-log-chain", "log"),
                java.util.Map.entry("api-asks-for-credential", "3000 /"),
                java.util.Map.entry("errors-tell-nothing", "3000 "),
                java.util.Map.entry("secrets-rotated", "13000"),
                java.util.Map.entry("confined", "/proc/77/attr"),
                java.util.Map.entry("secrets-kept-apart", "/proc/77/environ"),
                java.util.Map.entry("listening-sockets", "/proc/net/tcp"),
                java.util.Map.entry("database-answers", "PRAGMA"),
                java.util.Map.entry("dedicated-user", "systemctl"),
                java.util.Map.entry("updates-automated", "apt-config"),
                java.util.Map.entry("backup-encrypted", PaperMachine.NEWEST.toString()),
                java.util.Map.entry("file-permissions", PaperMachine.STORAGE.toString()),
                java.util.Map.entry("alerts-routed", "9093"));
        places.forEach((name, place) -> {
            var machine = new PaperMachine(directory);
            machine.shut.add(place);
            var unknown = assertInstanceOf(Verdict.Unknown.class, verdict(machine, name), name);
            assertTrue(unknown.evidence().contains("is shut"), unknown.evidence());
        });
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
    void namesAreUsedOnceAndItemsAreTheGuides() {
        var names = Checks.ALL.stream().map(Check::name).toList();
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
