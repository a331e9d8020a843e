package gateway.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.check.Report.Kind;

/** Machines that are sound in another way: ufw instead of nftables, a container, a machine in its first week. */
class HostKindsTest {
    @TempDir
    Path directory;

    private PaperMachine machine;

    @BeforeEach
    void make() {
        machine = new PaperMachine(directory);
    }

    private Verdict verdict(String name) {
        return new CheckRun(machine, Duration.ofSeconds(20))
                .of(
                        Checks.of(true).stream()
                                .filter(check -> check.name().equals(name))
                                .toList(),
                        done -> {})
                .getFirst()
                .verdict();
    }

    @Test
    void ufwThatStartsAtBootIsAFirewall() {
        machine.files.remove(Path.of("/etc/systemd/system/sysinit.target.wants/nftables.service"));
        machine.file(UpkeepBreaks.UFW_AT_BOOT, "link", 0777);
        machine.texts.put(UpkeepBreaks.UFW, "# on\nENABLED=yes\n");
        assertEquals(Kind.PASS, Kind.of(verdict("firewall")));
    }

    @Test
    void theAppliancesOwnFileOfTheRotationIsLookedAtFirst() {
        var file = Path.of("/etc/logrotate.d/whatsapp-security");
        machine.texts.put(Path.of("/etc/logrotate.d/whatsapp"), "/var/log/logwatch/*.log {\n    rotate 13\n}\n");
        assertTrue(
                verdict("log-retention").evidence().contains("does not name"),
                verdict("log-retention").toString());
        machine.texts.put(file, PaperMachine.LOG + " {\n    rotate 14\n}\n");
        assertEquals(Kind.PASS, Kind.of(verdict("log-retention")));
    }

    /** Only a container may lack what its host has to give; on a machine of its own the same is a failure. */
    @Test
    void whatBelongsToAContainersHostIsNotApplicable() {
        machine.texts.remove(Path.of("/sys/module/apparmor/parameters/enabled"));
        machine.outputs.put("auditctl", new Evidence.Output(255, "Operation not permitted"));
        assertEquals(Kind.FAIL, Kind.of(verdict("confined")));
        assertEquals(Kind.UNKNOWN, Kind.of(verdict("audit-rules")));
        machine.texts.put(SoundHost.CONTAINER, "systemd-nspawn\n");
        assertEquals(Kind.NOT_APPLICABLE, Kind.of(verdict("confined")));
        assertEquals(Kind.NOT_APPLICABLE, Kind.of(verdict("audit-rules")));
    }

    /** The account of the gateway starts no program: the kernel's audit takes that for a break-in. */
    @Test
    void whatTheGatewaysAccountChecksStartsNoProgram() {
        machine.outputs.clear();
        var others = Checks.of(true).stream()
                .filter(check -> check.half() == Check.Half.OWN)
                .toList();
        var wrong = new CheckRun(machine, Duration.ofSeconds(20))
                .of(others, done -> {}).stream()
                        .filter(result -> Kind.of(result.verdict()) != Kind.PASS)
                        .filter(result -> !result.check().name().equals("database-tls"))
                        .map(result -> result.check().name() + ": " + result.verdict())
                        .toList();
        assertEquals(List.of(), wrong);
    }

    @Test
    void anAdminApiWithATokenOfItsOwnStartsWithALongOneAlone() {
        machine.settings.remove("ADMIN_TOKEN_FILE");
        assertEquals(Kind.NOT_APPLICABLE, Kind.of(verdict("admin-token-length")));
        machine.file(Path.of("/etc/systemd/system/whatsapp-admin.service"), "file", 0644);
        assertEquals(Kind.PASS, Kind.of(verdict("admin-token-length")));
    }

    private void began(String owner, Duration ago) {
        var begin = PaperMachine.NOW.minus(ago);
        machine.file(RootReport.PLACE, "directory", "root", 0750, begin);
        machine.file(FirstWeek.BEGIN, "file", owner, 0644, begin);
    }

    private List<Kind> missing() {
        machine.attested.remove("A-DOC-4");
        machine.texts.remove(AttestedChecks.PLAN);
        machine.texts.remove(AttestedChecks.CONTACTS);
        return Stream.of("policies-communicated", "incident-plan", "security-contacts", "restore-documented")
                .map(name -> Kind.of(verdict(name)))
                .distinct()
                .toList();
    }

    @Test
    void whatPeopleHaveToBringIsAskedForInTheFirstWeekAndFailsAfterIt() {
        assertEquals(List.of(Kind.FAIL), missing());
        began("root", Duration.ofDays(6));
        assertEquals(List.of(Kind.WARN), missing());
        began("root", Duration.ofDays(7));
        assertEquals(List.of(Kind.FAIL), missing());
    }

    @Test
    void aServiceThatWasNeverStoppedIsNoFailureInTheFirstWeek() {
        machine.unit(SoundUpkeep.STOPS, "");
        assertEquals(Kind.UNKNOWN, Kind.of(verdict("graceful-stop")));
        began("root", Duration.ofDays(1));
        assertEquals(Kind.WARN, Kind.of(verdict("graceful-stop")));
    }

    @Test
    void nobodyButRootBeginsAFirstWeekAndNoClockThatJumped() {
        began("whatsapp", Duration.ofDays(1));
        assertEquals(List.of(Kind.FAIL), missing());
        began("root", Duration.ofDays(-1));
        assertEquals(List.of(Kind.FAIL), missing());
        began("root", Duration.ofDays(1));
        machine.file(RootReport.PLACE, "directory", "root", 0770, Instant.EPOCH);
        assertEquals(List.of(Kind.FAIL), missing());
    }

    @Test
    void anAttestationThatWasAlteredFailsInTheFirstWeekToo() {
        began("root", Duration.ofDays(1));
        var found = Objects.requireNonNull(machine.attested.get("A-DOC-4"));
        machine.attested.put("A-DOC-4", new Attestation.Found(found.attestation(), Optional.of("it was altered")));
        assertEquals(Kind.FAIL, Kind.of(verdict("policies-communicated")));
    }
}
