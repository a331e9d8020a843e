package gateway.check;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import gateway.check.Evidence.Reply;

/** What is broken in probes, in root's half, in upkeep and in what persons attest. */
final class UpkeepBreaks {
    /** The checks of what persons attest, with their items. */
    static final Map<String, String> PEOPLE = Map.ofEntries(
            Map.entry("credentials-per-environment", "A-AUTH-3"),
            Map.entry("incident-plan", "A-DOC-1"),
            Map.entry("security-contacts", "A-DOC-2"),
            Map.entry("policies-communicated", "A-DOC-4"),
            Map.entry("logs-reviewed", "A-ONG-3"),
            Map.entry("logs-reviewed-weekly", "B-WEEK-1"),
            Map.entry("audits-scheduled", "A-ONG-4"),
            Map.entry("security-audit", "B-MONTH-1"),
            Map.entry("access-logs-reviewed", "B-MONTH-3"),
            Map.entry("penetration-test", "A-TEST-5"),
            Map.entry("security-assessment", "B-QTR-1"),
            Map.entry("penetration-test-quarterly", "B-QTR-2"),
            Map.entry("policies-updated", "B-QTR-3"));

    static final Path UFW = Path.of("/etc/ufw/ufw.conf");
    static final Path UFW_AT_BOOT = Path.of("/etc/systemd/system/multi-user.target.wants/ufw.service");

    private UpkeepBreaks() {}

    static List<Breaks> all() {
        var all = new ArrayList<Breaks>();
        PEOPLE.forEach((check, item) -> all.addAll(attested(check, item)));
        all.addAll(written());
        all.addAll(probes());
        all.addAll(root());
        all.addAll(upkeep());
        return all;
    }

    private static Breaks of(String check, String seen, Consumer<PaperMachine> change) {
        return new Breaks(check, seen, change);
    }

    /** Every way in which an attestation does not count. */
    private static List<Breaks> attested(String check, String item) {
        return List.of(
                of(check, "nobody has attested " + item, machine -> machine.attested.remove(item)),
                of(check, "which is over", machine -> until(machine, item, LocalDate.parse("2026-12-31"))),
                of(check, "which is soon", machine -> until(machine, item, LocalDate.parse("2027-01-01"))),
                of(check, "was altered", machine -> {
                    var found = machine.attested.get(item);
                    machine.attested.put(
                            item,
                            new Attestation.Found(found.attestation(), Optional.of("the attestation was altered")));
                }),
                of(check, REPORT_ALTERED, machine -> machine.sum = "1".repeat(64)),
                of(check, "is gone", machine -> machine.files.remove(Path.of(SoundUpkeep.REPORT))),
                of(check, "from the future", machine -> {
                    var old = machine.attested.get(item).attestation();
                    machine.attested.put(
                            item,
                            new Attestation.Found(
                                    new Attestation(
                                            item,
                                            old.by(),
                                            PaperMachine.NOW.plus(Duration.ofDays(1)),
                                            old.until(),
                                            old.proof()),
                                    Optional.empty()));
                }));
    }

    private static final String REPORT_ALTERED = SoundUpkeep.REPORT + " was altered since";

    private static void until(PaperMachine machine, String item, LocalDate until) {
        var old = machine.attested.get(item).attestation();
        machine.attested.put(
                item,
                new Attestation.Found(new Attestation(item, old.by(), old.at(), until, old.proof()), Optional.empty()));
    }

    private static List<Breaks> written() {
        return List.of(
                of("credentials-per-environment", "used twice", machine -> {
                    machine.secret("WHATSAPP_WEBHOOK_SECRET", "nB5tQe8Wz1YhKr7Xu3CmLs6DvFj2GpAo");
                }),
                of("incident-plan", "there is no", machine -> machine.texts.remove(AttestedChecks.PLAN)),
                of(
                        "incident-plan",
                        "placeholder TODO",
                        machine -> machine.texts.put(AttestedChecks.PLAN, SoundUpkeep.plan() + "TODO: phone\n")),
                of("incident-plan", "fewer than", machine -> machine.texts.put(AttestedChecks.PLAN, "Call Ada.\n")),
                of(
                        "security-contacts",
                        "has 1 addresses",
                        machine -> machine.texts.put(AttestedChecks.CONTACTS, "Ada: +44 20 7946 0000\n")),
                of("digest-scheduled", "whatsapp-digest.timer is not active", machine -> stopped(machine, "digest")),
                of("checks-scheduled", "check.timer is not active", machine -> stopped(machine, "check")),
                of(
                        "checks-scheduled",
                        "ended with timeout",
                        machine -> machine.unit(
                                "systemctl show whatsapp-check.service", "LoadState=loaded\nResult=timeout\n")));
    }

    private static void stopped(PaperMachine machine, String job) {
        machine.unit("systemctl show whatsapp-" + job + ".timer", "LoadState=loaded\nActiveState=inactive\n");
    }

    private static List<Breaks> probes() {
        return List.of(
                of(
                        "failed-login-recorded",
                        "answered with 200",
                        machine -> machine.reply("443 /app/devices", 200, "{}")),
                of("failed-login-recorded", "not in the security log", machine -> machine.end = "{}\n"),
                of(
                        "failed-login-recorded",
                        "a forged address",
                        machine -> machine.end = machine.end.replace(Evidence.PROBES, "203.0.113.7")),
                of("rate-limit-met", "no 429 came", machine -> machine.limit = 0),
                of("rate-limit-met", "no Retry-After", machine -> machine.wait = ""),
                of("rate-limit-met", "429 again after it", machine -> machine.limiting = true),
                of("rate-limit-met", "APP_RATE_LIMIT is off", machine -> machine.settings.put("APP_RATE_LIMIT", "off")),
                of("hostile-requests", "answered with 500", machine -> machine.reply("3000 BREW", 500, "")),
                of("hostile-requests", "answered with 200", machine -> machine.reply("3000 /aaaa", 200, "")),
                of("unknown-name", "answers 200", machine -> machine.refusing = false),
                of("unknown-name", "answers 405", machine -> {
                    machine.refusing = false;
                    machine.stranger = Optional.of(new Reply(405, Map.of(), ""));
                }),
                of("webhook-signatures", "answers 500 to a good", machine -> answering(machine, 0, 500)),
                of("webhook-signatures", "takes a bad signature", machine -> answering(machine, 1, 200)),
                of("webhook-signatures", "signature of yesterday", machine -> answering(machine, 2, 200)),
                of("webhook-signatures", "knows an event already", machine -> answering(machine, 3, 200)),
                of(
                        "webhook-queue",
                        "queues for 1 of 3",
                        machine ->
                                machine.metrics("whatsapp_build_info{version=\"1\"} 1\n" + SoundReplies.queues(1, 16))),
                of(
                        "webhook-queue",
                        "may get 900 posts",
                        machine -> machine.metrics(
                                "whatsapp_build_info{version=\"1\"} 1\n" + SoundReplies.queues(3, 900))));
    }

    private static void answering(PaperMachine machine, int which, int status) {
        var replies = new ArrayList<>(machine.receiver);
        replies.set(which, new Reply(status, Map.of(), "{}"));
        machine.receiver = replies;
    }

    private static void printed(PaperMachine machine, String command, String from, String to) {
        machine.unit(command, machine.outputs.get(command).text().replace(from, to));
    }

    private static List<Breaks> root() {
        var boot = Path.of("/etc/systemd/system/sysinit.target.wants/nftables.service");
        return List.of(
                of(
                        "firewall",
                        "IPv4 is not dropped",
                        machine -> printed(machine, SoundUpkeep.FIREWALL, "drop", "accept")),
                of("firewall", "IPv6 is not dropped", machine -> printed(machine, SoundUpkeep.FIREWALL, "inet", "ip")),
                of("firewall", "at boot", machine -> machine.files.remove(boot)),
                of("firewall", "at boot", machine -> {
                    machine.files.remove(boot);
                    machine.file(UFW_AT_BOOT, "link", 0777);
                    machine.texts.put(UFW, "ENABLED=no\n");
                }),
                of(
                        "ssh-hardened",
                        "passwordauthentication is yes",
                        machine -> printed(
                                machine, SoundUpkeep.SSHD, "passwordauthentication no", "passwordauthentication yes")),
                of("ssh-hardened", "standard port", machine -> printed(machine, SoundUpkeep.SSHD, "2222", "22")),
                of(
                        "ssh-hardened",
                        "maxauthtries is 6",
                        machine -> printed(machine, SoundUpkeep.SSHD, "tries 3", "tries 6")),
                of(
                        "audit-rules",
                        "audit is off",
                        machine -> printed(machine, SoundUpkeep.AUDIT, "enabled 2", "enabled 0")),
                of(
                        "audit-rules",
                        "7 events were lost",
                        machine -> printed(machine, SoundUpkeep.AUDIT, "lost 0", "lost 7")),
                of("audit-rules", "no rule", machine -> printed(machine, SoundUpkeep.AUDIT, "whatsapp_db", "x")),
                of(
                        "updates-applied",
                        "1 security updates wait",
                        machine -> machine.unit(
                                SoundUpkeep.UPGRADES,
                                "Inst openssl [3.0] (3.1 Debian-Security:13/stable-security [amd64])\n")),
                of(
                        "updates-applied",
                        "1 updates wait",
                        machine ->
                                machine.unit(SoundUpkeep.UPGRADES, "Inst less [600] (608 Debian:13/stable [amd64])\n")),
                of(
                        "updates-applied",
                        "need a reboot",
                        machine -> machine.file(Path.of("/run/reboot-required"), "file", 0644)),
                of(
                        "graceful-stop",
                        "Failed with result",
                        machine ->
                                machine.unit(SoundUpkeep.STOPS, "whatsapp.service: Failed with result 'timeout'.\n")),
                of(
                        "graceful-stop",
                        "no limit",
                        machine -> printed(
                                machine, PaperMachine.UNIT, "TimeoutStopUSec=30s", "TimeoutStopUSec=infinity")));
    }

    private static List<Breaks> upkeep() {
        return List.of(
                of(
                        "alert-rules-loaded",
                        "no rule makes the alert CpuHigh",
                        machine -> machine.reply(
                                "9090 /api/v1/rules",
                                200,
                                SoundReplies.rules("ok").replace("CpuHigh", "Other"))),
                of(
                        "alert-rules-loaded",
                        "alert MemoryHigh is not healthy",
                        machine -> machine.reply("9090 /api/v1/rules", 200, SoundReplies.rules("err"))),
                of(
                        "addresses-banned",
                        "is failed",
                        machine -> machine.unit(
                                "systemctl show fail2ban.service", "LoadState=loaded\nActiveState=failed\n")),
                of(
                        "addresses-banned",
                        "not installed",
                        machine -> machine.unit("systemctl show fail2ban.service", "LoadState=not-found\n")),
                of(
                        "certificate-from-outside",
                        "no known authority",
                        machine -> machine.worldTrouble = Optional.of("no known authority issued it")),
                of(
                        "certificate-from-outside",
                        "another certificate",
                        machine -> machine.world = Optional.of(PaperMachine.certificate("other.pem"))),
                of(
                        "restore-documented",
                        "does not name",
                        machine -> machine.texts.put(AttestedChecks.PLAN, "Call Ada.\n")),
                of("restore-documented", "there is no", machine -> machine.files.remove(UpkeepChecks.MANUAL)),
                of(
                        "dependencies-current",
                        "installed 100 days ago",
                        machine -> machine.file(
                                UpkeepChecks.INSTALLED,
                                "file",
                                "root",
                                0644,
                                PaperMachine.NOW.minus(Duration.ofDays(100)))),
                of(
                        "no-secrets-in-code",
                        "holds ADMIN_TOKEN",
                        machine -> machine.texts.put(
                                UpkeepChecks.WRITTEN.getFirst(), "export X=1\nADMIN_TOKEN=Zr4Tj9Wq6Bm1Xs8Lc3Vn7\n")),
                of(
                        "no-secrets-in-code",
                        "holds a key",
                        machine ->
                                machine.texts.put(UpkeepChecks.WRITTEN.getLast(), "-----BEGIN EC PRIVATE KEY-----\n")));
    }
}
