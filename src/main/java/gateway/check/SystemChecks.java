package gateway.check;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import gateway.check.Check.Area;
import gateway.check.Check.Half;
import gateway.check.Check.Severity;

/** Checks of the machine around the service: its user, files, confinement, limits, updates. */
final class SystemChecks {
    private static final List<Path> ENV_FILES = List.of(Path.of("/opt/whatsapp/.env"), Path.of(".env"));
    private static final Duration MAX_UPDATE_AGE = Duration.ofDays(3);
    private static final Path ENFORCING = Path.of("/sys/fs/selinux/enforce");
    private static final Path APPARMOR = Path.of("/sys/module/apparmor/parameters/enabled");
    /** The service manager's word that this is a container; root alone writes there. */
    private static final Path CONTAINER = Path.of("/run/systemd/container");

    private static final Path UPDATE_STAMP = Path.of("/var/lib/apt/periodic/unattended-upgrades-stamp");
    private static final Pattern UPGRADES =
            Pattern.compile("(?m)^APT::Periodic::(Enable|Unattended-Upgrade|Update-Package-Lists) \"([^\"]*)\";");
    private static final Pattern PERIOD = Pattern.compile("[1-9][0-9]*[smhd]?|always");
    private static final String CONVERGE = "ansible-playbook -i inventory.yml ansible/site.yml";

    private SystemChecks() {}

    static List<Check> all() {
        return List.of(
                asking(
                        "dedicated-user",
                        Severity.HIGH,
                        List.of("A-SYS-1", "B-SYS-1"),
                        "the unit's user, its line in /etc/passwd and its groups",
                        SystemChecks::user),
                check(
                        "file-permissions",
                        Severity.HIGH,
                        List.of("A-SYS-2", "B-SYS-2"),
                        "owner and mode of the storage directory with all that lies in it, and of the program",
                        SystemChecks::files),
                check(
                        "env-file-mode",
                        Severity.HIGH,
                        List.of("B-DATA-4"),
                        "the file .env of the program and of this directory",
                        SystemChecks::envFile),
                asking(
                        "confined",
                        Severity.HIGH,
                        List.of("A-SYS-3"),
                        "the running service's label in /proc, of AppArmor or SELinux",
                        SystemChecks::confined),
                asking(
                        "resource-limits",
                        Severity.MEDIUM,
                        List.of("A-SYS-4"),
                        "the unit's limits of memory, tasks and open files",
                        SystemChecks::limits),
                asking(
                        "updates-automated",
                        Severity.HIGH,
                        List.of("A-SYS-5"),
                        "apt's periodic settings in force, its timer and the age of the last run",
                        SystemChecks::updates),
                asking(
                        "service-active",
                        Severity.HIGH,
                        List.of("B-WEEK-3"),
                        "the unit's state and the machine's failed units",
                        SystemChecks::active));
    }

    private static Check check(String name, Severity severity, List<String> ids, String evidence, Check.Probe probe) {
        return new Check(name, Area.SYSTEM, severity, ids, evidence, Running.START, probe);
    }

    /** A check that asks the service manager or apt. The gateway's account starts no program: that is an alert. */
    private static Check asking(String name, Severity severity, List<String> ids, String evidence, Check.Probe probe) {
        return new Check(name, Area.SYSTEM, severity, ids, evidence, Running.START, Half.ROOT, probe);
    }

    private static Verdict user(Evidence evidence) {
        var user = Units.loaded(evidence, Running.UNIT, "User").getOrDefault("User", "");
        if (user.isEmpty() || user.equals("root")) {
            return new Verdict.Fail("the service runs as root", CONVERGE);
        }
        var line = evidence.text(Path.of("/etc/passwd"))
                .orElseThrow(() -> new Unseen("there is no /etc/passwd"))
                .lines()
                .filter(entry -> entry.startsWith(user + ":"))
                .findFirst()
                .orElseThrow(() -> new Unseen("/etc/passwd has no user " + user));
        var cells = line.split(":", -1);
        var wrong = new ArrayList<String>();
        var shell = cells[cells.length - 1];
        if (!shell.endsWith("/nologin") && !shell.endsWith("/false")) {
            wrong.add(user + " has the shell " + shell);
        }
        if (cells.length > 2 && cells[2].equals("0")) {
            wrong.add(user + " has the number of root");
        }
        if (cells.length > 3 && cells[3].equals("0")) {
            wrong.add(user + " is in the group of root");
        }
        evidence.text(Path.of("/etc/group"))
                .orElseThrow(() -> new Unseen("there is no /etc/group"))
                .lines()
                .map(entry -> entry.split(":", -1))
                .filter(entry ->
                        entry.length > 3 && List.of(entry[3].split(",")).contains(user))
                .forEach(entry -> wrong.add(user + " is in the group " + entry[0]));
        return Verdict.of(wrong, "the service runs as " + user + ", without a shell and in no other group", CONVERGE);
    }

    private static Verdict files(Evidence evidence) {
        var storage = Running.settings(evidence).storage();
        var directory = storage.directory();
        var log = storage.securityLog();
        var place = evidence.file(directory)
                .orElseThrow(() -> new Unseen("the storage directory " + directory + " does not exist yet"));
        var wrong = new ArrayList<String>();
        if (!place.isOwnersOnly()) {
            wrong.add(directory + " has mode " + place.octal());
        }
        int seen = 0;
        for (var entry : evidence.list(directory)) {
            var facts = evidence.file(entry);
            if (facts.isEmpty()) {
                continue; // gone meanwhile
            }
            seen++;
            // A group may be let read the security log, which lies here where no setting says otherwise.
            boolean shown =
                    entry.toString().startsWith(log.toString()) && !facts.get().isOpenToOthers();
            if (!facts.get().kind().equals("link") && !facts.get().isOwnersOnly() && !shown) {
                wrong.add(entry + " has mode " + facts.get().octal());
            }
            if (!facts.get().owner().equals(place.owner())) {
                wrong.add(entry + " belongs to " + facts.get().owner());
            }
        }
        for (var program : List.of("/opt/whatsapp", "/opt/whatsapp/lib", "/opt/whatsapp/lib/whatsapp.jar")) {
            evidence.file(Path.of(program))
                    .filter(facts -> (facts.mode() & 0022) != 0)
                    .ifPresent(facts -> wrong.add(program + " has mode " + facts.octal()));
        }
        return Verdict.of(
                wrong,
                directory + " and the " + seen + " entries in it belong to their owner alone, " + place.owner(),
                "chmod -R go= " + directory);
    }

    private static Verdict envFile(Evidence evidence) {
        var wrong = new ArrayList<String>();
        int found = 0;
        for (var file : ENV_FILES) {
            var facts = evidence.file(file);
            if (facts.isPresent()) {
                found++;
                if (!facts.get().isOwnersOnly()) {
                    wrong.add(file + " has mode " + facts.get().octal());
                }
            }
        }
        return Verdict.of(
                wrong,
                found == 0 ? "there is no file .env" : found + " files .env are their owner's alone",
                "chmod 600 " + ENV_FILES.getFirst());
    }

    /** Whether this machine is a container, whose kernel belongs to its host. */
    static boolean isContainer(Evidence evidence) {
        return evidence.text(CONTAINER).isPresent();
    }

    private static Verdict confined(Evidence evidence) {
        boolean guarded = evidence.text(APPARMOR).orElse("").startsWith("Y")
                || evidence.text(ENFORCING).isPresent();
        if (!guarded) {
            return isContainer(evidence)
                    ? new Verdict.NotApplicable("this is a container, whose kernel offers neither AppArmor nor SELinux")
                    : new Verdict.Fail("this kernel runs neither AppArmor nor SELinux", "apt-get install apparmor");
        }
        var pid = Units.loaded(evidence, Running.UNIT, "MainPID").getOrDefault("MainPID", "0");
        if (pid.equals("0")) {
            throw new Unseen("the service does not run");
        }
        var file = Path.of("/proc", pid, "attr", "current");
        var label = evidence.text(file)
                .orElseThrow(() -> new Unseen("this kernel has no " + file))
                .replace("\0", "")
                .strip();
        if (label.isEmpty()) {
            throw new Unseen(file + " is empty");
        }
        // AppArmor writes the mode in brackets at the end; a colon may stand in the name of its profile too.
        if (!label.contains(":") || label.endsWith(")")) {
            var seen = "AppArmor says of process " + pid + ": " + label;
            if (label.endsWith("(enforce)")) {
                return new Verdict.Pass(seen);
            }
            return isContainer(evidence)
                    ? new Verdict.Warn(
                            seen + "; this is a container, which its host has to confine", "aa-status --enabled")
                    : new Verdict.Fail(seen, "aa-enforce /etc/apparmor.d/whatsapp");
        }
        var seen = "SELinux says of process " + pid + ": " + label;
        if (label.contains("unconfined")) {
            return new Verdict.Fail(seen, "restorecon -R /opt/whatsapp");
        }
        var enforcing = evidence.text(ENFORCING).orElseThrow(() -> new Unseen("there is no " + ENFORCING));
        return enforcing.strip().equals("1")
                ? new Verdict.Pass(seen)
                : new Verdict.Fail(seen + ", and enforces nothing", "setenforce 1");
    }

    private static Verdict limits(Evidence evidence) {
        var unit = Units.loaded(evidence, Running.UNIT, "MemoryMax,TasksMax,LimitNOFILE,LimitCORE");
        var wrong = new ArrayList<String>();
        for (var limit : List.of("MemoryMax", "TasksMax", "LimitNOFILE")) {
            var value = unit.getOrDefault(limit, "infinity");
            if (value.equals("infinity") || value.isEmpty()) {
                wrong.add(limit + " is not set");
            }
        }
        return Verdict.of(
                wrong,
                "MemoryMax " + unit.get("MemoryMax") + ", TasksMax " + unit.get("TasksMax") + ", LimitNOFILE "
                        + unit.get("LimitNOFILE"),
                "systemctl edit whatsapp");
    }

    private static Verdict updates(Evidence evidence) {
        var config = evidence.run("apt-config", "dump");
        if (config.exit() != 0) {
            throw new Unseen("apt-config does not answer");
        }
        var periods = new java.util.HashMap<String, String>();
        UPGRADES.matcher(config.text()).results().forEach(match -> periods.put(match.group(1), match.group(2)));
        var wrong = new ArrayList<String>();
        for (var name : List.of("Update-Package-Lists", "Unattended-Upgrade")) {
            if (!PERIOD.matcher(periods.getOrDefault(name, "0")).matches()) {
                wrong.add("APT::Periodic::" + name + " is off");
            }
        }
        if (!periods.getOrDefault("Enable", "1").equals("1")) {
            wrong.add("APT::Periodic::Enable is off");
        }
        Map<String, String> timer = Units.show(evidence, "apt-daily-upgrade.timer", "ActiveState");
        if (!"active".equals(timer.get("ActiveState"))) {
            wrong.add("apt-daily-upgrade.timer is not active");
        }
        var stamp = evidence.file(UPDATE_STAMP);
        stamp.ifPresent(facts -> {
            var age = Duration.between(facts.modified(), evidence.now());
            if (age.isNegative()) {
                wrong.add("the last unattended upgrade is from the future: a clock jumped");
            } else if (age.compareTo(MAX_UPDATE_AGE) > 0) {
                wrong.add("the last unattended upgrade began " + facts.modified());
            }
        });
        return Verdict.of(
                wrong,
                "unattended upgrades are on"
                        + stamp.map(facts -> ", the last one began " + facts.modified())
                                .orElse(", none has run yet"),
                "dpkg-reconfigure -plow unattended-upgrades");
    }

    private static Verdict active(Evidence evidence) {
        var unit = Units.loaded(evidence, Running.UNIT, "ActiveState,SubState,NRestarts");
        if (!"active".equals(unit.get("ActiveState"))) {
            return new Verdict.Fail("whatsapp.service is " + unit.get("ActiveState"), "systemctl start whatsapp");
        }
        var failed = evidence.run("systemctl", "list-units", "--failed", "--plain", "--no-legend", "--no-pager");
        if (failed.exit() != 0) {
            throw new Unseen("systemd does not answer");
        }
        long count = failed.text().lines().filter(line -> !line.isBlank()).count();
        var seen = "whatsapp.service is active after " + unit.get("NRestarts") + " restarts";
        return count > 0
                ? new Verdict.Warn(seen + "; " + count + " other units have failed", "systemctl --failed")
                : new Verdict.Pass(seen + "; no unit has failed");
    }
}
