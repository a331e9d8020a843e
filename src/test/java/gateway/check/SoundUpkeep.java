package gateway.check;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/** What a sound machine has for the tasks that come again: attestations, root's evidence, plans, reports of tests. */
final class SoundUpkeep {
    static final String REPORT = "/srv/reports/pentest.pdf";
    static final String SSHD = "sshd";
    static final String AUDIT = "auditctl";
    static final String FIREWALL = "nft list ruleset";
    static final String UPGRADES = "apt-get Debug::NoLocking=1 dist-upgrade";
    static final String STOPS = "journalctl";

    private SoundUpkeep() {}

    static void put(PaperMachine machine) {
        for (var item : Item.all()) {
            if (item.isAttested()) {
                machine.attested.put(item.id(), attestation(item.id(), item.days()));
            }
        }
        machine.files.put(Path.of(REPORT), new Evidence.FileFacts("file", "ada", "ada", 0600, 9, PaperMachine.NOW));
        machine.texts.put(AttestedChecks.PLAN, plan());
        machine.texts.put(AttestedChecks.CONTACTS, "Ada: +44 20 7946 0000\nBob: bob@gateway.internal.net\n");
        for (var job : new String[] {"whatsapp-digest", "whatsapp-check"}) {
            machine.unit("systemctl show " + job + ".timer", "LoadState=loaded\nActiveState=active\n");
            machine.unit("systemctl show " + job + ".service", "LoadState=loaded\nResult=success\n");
        }
        machine.unit("systemctl show fail2ban.service", "LoadState=loaded\nActiveState=active\n");
        root(machine);
        program(machine);
    }

    static Attestation.Found attestation(String item, int days) {
        var said = PaperMachine.NOW.minus(Duration.ofHours(1));
        var until = LocalDate.ofInstant(said, ZoneOffset.UTC).plusDays(days);
        return new Attestation.Found(
                new Attestation(item, "Ada", said, until, Optional.of(new Attestation.Proof(REPORT, "0".repeat(64)))),
                Optional.empty());
    }

    static String plan() {
        return "# What to do in an incident\n" + "Call the first contact, then hold every account. ".repeat(10)
                + "\nwhatsapp restore /mnt/backup --key key.asc\n";
    }

    private static void root(PaperMachine machine) {
        machine.unit(
                FIREWALL,
                "table inet filter {\n chain input {\n  type filter hook input priority filter; policy drop;\n }\n}\n");
        machine.files.put(
                Path.of("/etc/systemd/system/sysinit.target.wants/nftables.service"),
                new Evidence.FileFacts("link", "root", "root", 0777, 9, PaperMachine.NOW));
        machine.unit(
                SSHD,
                "port 2222\npasswordauthentication no\nkbdinteractiveauthentication no\npermitrootlogin no\n"
                        + "permitemptypasswords no\npubkeyauthentication yes\nmaxauthtries 3\n");
        machine.unit(AUDIT, "enabled 2\npid 500\nlost 0\n-w /opt/whatsapp/storages -p wa -k whatsapp_db\n");
        machine.unit(UPGRADES, "0 upgraded, 0 newly installed.\n");
        machine.unit(STOPS, "whatsapp.service: Deactivated successfully.\n");
    }

    private static void program(PaperMachine machine) {
        machine.file(ScanChecks.TESTSSL, "file", "root", 0644, PaperMachine.NOW.minus(Duration.ofDays(3)));
        machine.texts.put(
                ScanChecks.TESTSSL,
                "[{\"id\":\"cert_revocation\",\"severity\":\"HIGH\"},"
                        + "{\"id\":\"overall_grade\",\"severity\":\"OK\",\"finding\":\"A+\"}]");
        machine.file(ScanChecks.LYNIS, "file", "root", 0640, PaperMachine.NOW.minus(Duration.ofDays(3)));
        machine.texts.put(ScanChecks.LYNIS, "{\"hardening_index\": 80, \"warnings\": [\"NETW-2705\"]}");
        machine.file(UpkeepChecks.MANUAL, "file", "root", 0644, PaperMachine.NOW);
        machine.file(UpkeepChecks.INSTALLED, "file", "root", 0644, PaperMachine.NOW.minus(Duration.ofDays(9)));
        machine.texts.put(UpkeepChecks.SBOM, "{\"components\":[{\"name\":\"helidon\"}]}");
        UpkeepChecks.WRITTEN.forEach(file -> machine.texts.put(file, "APP_PROFILE=production\n"));
    }
}
