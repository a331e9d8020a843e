package gateway.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

import gateway.check.Check.Area;
import gateway.check.Check.Half;
import gateway.check.Check.Severity;

/** Checks that only root can make: firewall, sshd, kernel's audit, packages, the last stop. */
final class RootChecks {
    private static final Pattern CHAIN =
            Pattern.compile("(?s)table (ip|ip6|inet) \\S+ \\{|hook input priority [^;]*;\\s*policy (accept|drop);");
    private static final Path UNITS = Path.of("/etc/systemd/system");
    private static final Path AT_BOOT = UNITS.resolve("sysinit.target.wants/nftables.service");
    private static final Path UFW_AT_BOOT = UNITS.resolve("multi-user.target.wants/ufw.service");
    private static final Path UFW = Path.of("/etc/ufw/ufw.conf");
    private static final Pattern UFW_ENABLED = Pattern.compile("(?m)^ENABLED=yes\\s*$");
    private static final Pattern UPGRADE = Pattern.compile("(?m)^Inst (\\S+) .*$");
    private static final Pattern SECURITY = Pattern.compile("(?m)^Inst (\\S+) .*[Ss]ecurity");
    private static final Path RESTART = Path.of("/run/reboot-required");
    private static final int MAX_TRIES = 4;

    private RootChecks() {}

    static List<Check> all() {
        return List.of(
                root(
                        "firewall",
                        Area.NETWORK,
                        List.of("A-NET-1", "B-SYS-3"),
                        "the rules in force for IPv4 and IPv6, and the unit that loads them at boot, of nftables or ufw",
                        "nft list ruleset",
                        RootChecks::firewall),
                root(
                        "ssh-hardened",
                        Area.NETWORK,
                        List.of("A-NET-5", "B-SYS-5"),
                        "sshd's settings in force: keys, passwords, root, port",
                        "sshd -T",
                        RootChecks::ssh),
                root(
                        "audit-rules",
                        Area.LOGS,
                        List.of("A-MON-4"),
                        "the kernel's audit: whether it is on, who listens, what was lost, the gateway's rules",
                        "auditctl -s",
                        RootChecks::audit),
                root(
                        "updates-applied",
                        Area.SYSTEM,
                        List.of("A-ONG-1", "B-SYS-4", "B-WEEK-2"),
                        "the packages that apt would upgrade now, and whether a reboot waits",
                        "apt-get --simulate dist-upgrade",
                        RootChecks::updates),
                root(
                        "graceful-stop",
                        Area.SYSTEM,
                        List.of("B-APP-5"),
                        "the unit's signal and limit of a stop, and how the last stop ended in the journal",
                        "journalctl -u whatsapp",
                        RootChecks::stop));
    }

    private static Check root(
            String name, Area area, List<String> ids, String evidence, String remedy, Check.Probe probe) {
        return new Check(name, area, Severity.HIGH, ids, evidence, remedy, Half.ROOT, probe);
    }

    /** What a program prints that has to end well. */
    private static String printed(Evidence evidence, String... command) {
        var output = evidence.run(command);
        if (output.exit() != 0) {
            throw new Unseen(command[0] + " ended with " + output.exit());
        }
        return output.text();
    }

    private static Verdict firewall(Evidence evidence) {
        var drops = new ArrayList<String>();
        String family = "";
        for (var match : CHAIN.matcher(printed(evidence, "nft", "list", "ruleset"))
                .results()
                .toList()) {
            if (match.group(1) != null) {
                family = match.group(1);
            } else if (match.group(2).equals("drop")) {
                drops.add(family);
            }
        }
        var wrong = new ArrayList<String>();
        for (var version : Map.of("ip", "IPv4", "ip6", "IPv6").entrySet()) {
            if (!drops.contains("inet") && !drops.contains(version.getKey())) {
                wrong.add("what comes in by " + version.getValue() + " is not dropped by default");
            }
        }
        boolean ufw = evidence.file(UFW_AT_BOOT).isPresent()
                && UFW_ENABLED.matcher(evidence.text(UFW).orElse("")).find();
        if (!ufw && evidence.file(AT_BOOT).isEmpty()) {
            wrong.add("neither ufw nor nftables.service loads the rules at boot");
        }
        return Verdict.of(
                wrong.stream().sorted().toList(),
                "what comes in is dropped by default for IPv4 and IPv6, from boot on",
                "systemctl enable --now nftables");
    }

    private static Verdict ssh(Evidence evidence) {
        var values = new HashMap<String, String>();
        var ports = new ArrayList<String>();
        for (var line : printed(evidence, "sshd", "-T").toLowerCase(Locale.ROOT).split("\n")) {
            var pair = line.strip().split(" ", 2);
            if (pair.length == 2) {
                values.put(pair[0], pair[1]);
                if (pair[0].equals("port")) {
                    ports.add(pair[1]);
                }
            }
        }
        if (ports.isEmpty() || !values.containsKey("passwordauthentication")) {
            throw new Unseen("what sshd prints is not understood");
        }
        var wrong = new ArrayList<String>();
        for (var no : List.of(
                "passwordauthentication", "kbdinteractiveauthentication", "permitrootlogin", "permitemptypasswords")) {
            if (!"no".equals(values.get(no))) {
                wrong.add(no + " is " + values.getOrDefault(no, "not set"));
            }
        }
        if (!"yes".equals(values.get("pubkeyauthentication"))) {
            wrong.add("keys are not accepted");
        }
        if (ports.contains("22")) {
            wrong.add("sshd listens on the standard port 22");
        }
        var tries = values.getOrDefault("maxauthtries", "");
        if (!tries.matches("[0-9]{1,3}") || Integer.parseInt(tries) > MAX_TRIES) {
            wrong.add("maxauthtries is " + (tries.isEmpty() ? "not set" : tries));
        }
        return Verdict.of(
                wrong, "sshd takes keys alone, no root, on port " + String.join(", ", ports), "systemctl reload ssh");
    }

    private static Verdict audit(Evidence evidence) {
        var state = evidence.run("auditctl", "-s");
        if (state.exit() != 0 && SystemChecks.isContainer(evidence)) {
            return new Verdict.NotApplicable("this is a container, and the kernel's audit belongs to its host");
        }
        if (state.exit() != 0) {
            throw new Unseen("auditctl ended with " + state.exit());
        }
        var facts = new HashMap<String, String>();
        for (var line : state.text().split("\n")) {
            var pair = line.strip().split("\\s+", 2);
            if (pair.length == 2) {
                facts.put(pair[0], pair[1]);
            }
        }
        if (!facts.containsKey("enabled")) {
            throw new Unseen("what auditctl prints is not understood");
        }
        var wrong = new ArrayList<String>();
        if (facts.get("enabled").equals("0")) {
            wrong.add("the kernel's audit is off");
        }
        if (facts.getOrDefault("pid", "0").equals("0")) {
            wrong.add("no daemon takes the kernel's events");
        }
        if (!facts.getOrDefault("lost", "0").equals("0")) {
            wrong.add(facts.get("lost") + " events were lost");
        }
        if (!printed(evidence, "auditctl", "-l").contains("whatsapp_db")) {
            wrong.add("no rule watches the gateway's state");
        }
        return Verdict.of(
                wrong,
                "the kernel's audit is on" + ("2".equals(facts.get("enabled")) ? " and locked" : "")
                        + ", nothing was lost, the gateway's rules are loaded",
                "systemctl restart auditd");
    }

    private static Verdict updates(Evidence evidence) {
        var text = printed(evidence, "apt-get", "--simulate", "--option", "Debug::NoLocking=1", "dist-upgrade");
        long all = UPGRADE.matcher(text).results().count();
        long security = SECURITY.matcher(text).results().count();
        if (security > 0) {
            return new Verdict.Fail(security + " security updates wait", "unattended-upgrade --verbose");
        }
        if (evidence.file(RESTART).isPresent()) {
            return new Verdict.Warn("the updates need a reboot", "systemctl reboot");
        }
        return all > 0
                ? new Verdict.Warn(all + " updates wait, none of them for security", "apt-get dist-upgrade")
                : new Verdict.Pass("no update waits");
    }

    private static Verdict stop(Evidence evidence) {
        var unit = Units.loaded(evidence, Running.UNIT, "KillSignal,TimeoutStopUSec");
        var wrong = new ArrayList<String>();
        if (!"15".equals(unit.get("KillSignal"))) {
            wrong.add("a stop sends signal " + unit.get("KillSignal"));
        }
        var limit = unit.getOrDefault("TimeoutStopUSec", "infinity");
        if (limit.equals("infinity") || limit.equals("0")) {
            wrong.add("a stop has no limit of time");
        }
        var last = evidence.run(
                        "journalctl",
                        "--unit=" + Running.UNIT,
                        "--identifier=systemd",
                        "--grep=Deactivated successfully|Failed with result|timed out",
                        "--reverse",
                        "--lines=1",
                        "--output=cat",
                        "--no-pager")
                .text()
                .strip();
        if (last.contains("Failed with result") || last.contains("timed out")) {
            wrong.add("the last stop ended with: " + last);
        }
        if (wrong.isEmpty() && !last.contains("Deactivated successfully")) {
            if (FirstWeek.lasts(evidence)) {
                return new Verdict.Warn(
                        "the service was never stopped yet; its limit is " + limit, "systemctl restart whatsapp");
            }
            throw new Unseen("the journal holds no stop of the service yet");
        }
        return Verdict.of(wrong, "the last stop ended by itself within " + limit, "journalctl -u whatsapp");
    }
}
