package gateway.check;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import gateway.check.Check.Area;
import gateway.check.Check.Severity;

/** Checks of what has to be done again and again, and of what the program is made of. */
final class UpkeepChecks {
    static final Path SBOM = Path.of("/opt/whatsapp/sbom.json");
    static final Path INSTALLED = Path.of("/var/lib/dpkg/info/whatsapp.list");
    static final Path MANUAL = Path.of("/usr/share/man/man1/whatsapp.1.gz");
    static final List<Path> WRITTEN = List.of(
            Path.of("/opt/whatsapp/whatsapp"),
            Path.of("/opt/whatsapp/lib/java.options"),
            Path.of("/etc/whatsapp/environment"),
            Path.of("/etc/systemd/system/whatsapp.service"));
    private static final Duration MAX_PROGRAM = Duration.ofDays(92);
    private static final Pattern SECRET = Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----|\\bAKIA[0-9A-Z]{16}\\b|"
            + "(?m)^(?:Environment=\"?)?([A-Z_]*(?:PASSWORD|SECRET|TOKEN|BASIC_AUTH|ENCRYPTION_KEY|ACCESS_KEY))=\\S+|"
            + "(\\b[a-z][a-z0-9+.-]*://[^\\s/:@\"]+:)[^\\s/@\"]+@");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private UpkeepChecks() {}

    static List<Check> all() {
        return List.of(
                new Check(
                        "restore-documented",
                        Area.BACKUP,
                        Severity.LOW,
                        List.of("A-DOC-3"),
                        "the manual page, and the plan's command of a restore",
                        "sudoedit " + AttestedChecks.PLAN,
                        UpkeepChecks::documented),
                new Check(
                        "dependencies-current",
                        Area.SYSTEM,
                        Severity.MEDIUM,
                        List.of("B-MONTH-2"),
                        "the list of components beside the program, and when the program was installed",
                        "ansible-playbook -i inventory.yml ansible/site.yml",
                        UpkeepChecks::dependencies),
                new Check(
                        "no-secrets-in-code",
                        Area.ACCESS,
                        Severity.HIGH,
                        List.of("B-DATA-3"),
                        "launcher, options, unit and environment file, for what looks like a secret",
                        "whatsapp env encrypt",
                        UpkeepChecks::secrets));
    }

    private static Verdict documented(Evidence evidence) {
        var wrong = new ArrayList<String>();
        if (evidence.file(MANUAL).isEmpty()) {
            wrong.add("there is no " + MANUAL);
        }
        var plan = evidence.text(AttestedChecks.PLAN);
        if (plan.isEmpty() && wrong.isEmpty()) {
            return AttestedChecks.missing(
                    evidence, "there is no " + AttestedChecks.PLAN, "sudoedit " + AttestedChecks.PLAN);
        }
        if (plan.isEmpty()) {
            wrong.add("there is no " + AttestedChecks.PLAN);
        } else if (!plan.get().contains("whatsapp restore ")) {
            wrong.add(AttestedChecks.PLAN + " does not name the command whatsapp restore");
        }
        return Verdict.of(
                wrong,
                "the manual page is there, and the plan names the command of a restore",
                "sudoedit " + AttestedChecks.PLAN);
    }

    private static Verdict dependencies(Evidence evidence) {
        var installed =
                evidence.file(INSTALLED).orElseThrow(() -> new Unseen("the program was not installed as a package"));
        var age = Duration.between(installed.modified(), evidence.now());
        if (age.compareTo(Evidence.CLOCKS.negated()) < 0) {
            return new Verdict.Fail("the program was installed in the future: a clock jumped", "timedatectl");
        }
        int components;
        try {
            components = MAPPER.readTree(evidence.text(SBOM).orElseThrow(() -> new Unseen("there is no " + SBOM)))
                    .path("components")
                    .size();
        } catch (JsonProcessingException e) {
            throw new Unseen(SBOM + " is not a list of components");
        }
        if (components == 0) {
            throw new Unseen(SBOM + " lists no component");
        }
        var seen = "the program and its " + components + " components were installed " + Math.max(0, age.toDays())
                + " days ago";
        return age.compareTo(MAX_PROGRAM) > 0
                ? new Verdict.Fail(seen, "ansible-playbook -i inventory.yml ansible/site.yml")
                : new Verdict.Pass(seen);
    }

    private static Verdict secrets(Evidence evidence) {
        var wrong = new ArrayList<String>();
        int seen = 0;
        for (var file : WRITTEN) {
            var text = evidence.text(file);
            if (text.isPresent()) {
                seen++;
                var found = SECRET.matcher(text.get());
                if (found.find()) {
                    wrong.add(file + " holds "
                            + (found.group(1) != null
                                    ? found.group(1)
                                    : found.group(2) != null ? "an address with a password" : "a key"));
                }
            }
        }
        if (seen == 0) {
            throw new Unseen("none of the program's files is here");
        }
        return Verdict.of(wrong, seen + " files of the program and its unit hold no secret", "whatsapp env encrypt");
    }
}
