package gateway.check;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import gateway.check.Check.Area;
import gateway.check.Check.Severity;

/** Checks of what a person has to say. Where a machine can prove a part of it, that part is looked at first. */
final class AttestedChecks {
    static final Path PLAN = Path.of("/etc/whatsapp/incident-plan.md");
    static final Path CONTACTS = Path.of("/etc/whatsapp/contacts.md");
    private static final Pattern PLACEHOLDER = Pattern.compile(
            "(?i)\\b(todo|tbd|fixme|changeme|lorem ipsum|example\\.(?:com|org|net))\\b|<[a-z][a-z _-]*>");
    private static final Pattern REACHED = Pattern.compile("\\S+@\\S+\\.\\S+|\\+[0-9][0-9 ()-]{6,}");
    private static final int MIN_PLAN = 400;
    private static final int MIN_CONTACTS = 2;
    private static final Duration SOON = Duration.ofDays(14);

    private AttestedChecks() {}

    static List<Check> all() {
        return List.of(
                attested(
                        "credentials-per-environment",
                        "A-AUTH-3",
                        "the secrets of these settings, none used twice",
                        AttestedChecks::secrets),
                attested("incident-plan", "A-DOC-1", PLAN + " without a placeholder", AttestedChecks::plan),
                attested(
                        "security-contacts",
                        "A-DOC-2",
                        CONTACTS + " with two ways to reach somebody",
                        AttestedChecks::contacts),
                attested("policies-communicated", "A-DOC-4"),
                attested("logs-reviewed", "A-ONG-3"),
                attested("logs-reviewed-weekly", "B-WEEK-1"),
                attested("audits-scheduled", "A-ONG-4"),
                attested("security-audit", "B-MONTH-1"),
                attested("access-logs-reviewed", "B-MONTH-3"),
                attested("penetration-test", "A-TEST-5"),
                attested("security-assessment", "B-QTR-1"),
                attested("penetration-test-quarterly", "B-QTR-2"),
                attested("policies-updated", "B-QTR-3"));
    }

    private static Check attested(String name, String item) {
        return attested(name, item, "", evidence -> new Verdict.Pass(""));
    }

    private static Check attested(String name, String item, String seen, Check.Probe first) {
        return new Check(
                name,
                Area.PEOPLE,
                Severity.MEDIUM,
                List.of(item),
                (seen.isEmpty() ? "" : seen + ", and ") + "the attestation of " + item,
                command(item),
                evidence -> {
                    var machine = first.look(evidence);
                    return machine instanceof Verdict.Pass pass ? attested(evidence, item, pass.evidence()) : machine;
                });
    }

    /** The command that records an attestation of an item. */
    static String command(String item) {
        return "whatsapp attest " + item + " --by NAME --until DATE";
    }

    /** What a person still has to bring: asked for in the machine's first week, and failed afterwards. */
    static Verdict missing(Evidence evidence, String seen, String remedy) {
        return FirstWeek.lasts(evidence)
                ? new Verdict.Warn("asked for in the first week: " + seen, remedy)
                : new Verdict.Fail(seen, remedy);
    }

    private static Verdict attested(Evidence evidence, String item, String seen) {
        var before = seen.isEmpty() ? "" : seen + "; ";
        var found = evidence.attestation(item);
        if (found.isEmpty()) {
            return missing(evidence, before + "nobody has attested " + item, command(item));
        }
        var attestation = found.get().attestation();
        if (found.get().trouble().isPresent()) {
            return new Verdict.Fail(before + found.get().trouble().get(), command(item));
        }
        if (attestation.at().isAfter(evidence.now().plus(Evidence.CLOCKS))) {
            return new Verdict.Fail(before + "the attestation is from the future: a clock jumped", "timedatectl");
        }
        var said = before + "attested by " + attestation.by() + " until " + attestation.until();
        var left = Duration.between(evidence.now(), attestation.end());
        if (left.isNegative() || left.isZero()) {
            return new Verdict.Fail(said + ", which is over", command(item));
        }
        if (attestation.proof().isPresent()) {
            var proof = attestation.proof().get();
            if (evidence.file(Path.of(proof.path())).isEmpty()) {
                return new Verdict.Fail(said + "; " + proof.path() + " is gone", command(item));
            }
            if (!evidence.sha256(Path.of(proof.path())).equals(proof.sha256())) {
                return new Verdict.Fail(said + "; " + proof.path() + " was altered since", command(item));
            }
        }
        return isSoon(Item.of(item), left)
                ? new Verdict.Warn(said + ", which is soon", command(item))
                : new Verdict.Pass(said);
    }

    /** Whether an attestation that holds for so much longer has to be renewed soon. */
    static boolean isSoon(Item item, Duration left) {
        // A fifth of a week is a day and a half, of a quarter more than the two weeks.
        var soon = Duration.ofDays(item.days()).dividedBy(5);
        return left.compareTo(soon.compareTo(SOON) < 0 ? soon : SOON) < 0;
    }

    private static Verdict secrets(Evidence evidence) {
        var settings = Running.settings(evidence);
        var values = new ArrayList<String>();
        settings.auth().apiToken().ifPresent(token -> values.add(token.reveal()));
        settings.admin().token().ifPresent(token -> values.add(token.reveal()));
        settings.webhook().secret().ifPresent(secret -> values.add(secret.reveal()));
        settings.auth().users().forEach(user -> {
            if (user.password() instanceof gateway.config.BasicUser.Plain plain) {
                values.add(plain.text().reveal());
            }
        });
        if (values.isEmpty()) {
            throw new Unseen("no secret of these settings can be read here, so none can be compared");
        }
        return values.size() == values.stream().distinct().count()
                ? new Verdict.Pass("none of " + values.size() + " secrets in these settings is used twice")
                : new Verdict.Fail("a secret of these settings is used twice", "whatsapp rotate status");
    }

    private static Verdict plan(Evidence evidence) {
        return written(evidence, PLAN, MIN_PLAN);
    }

    private static Verdict contacts(Evidence evidence) {
        var found = written(evidence, CONTACTS, 1);
        if (!(found instanceof Verdict.Pass)) {
            return found;
        }
        long ways =
                REACHED.matcher(evidence.text(CONTACTS).orElse("")).results().count();
        return ways < MIN_CONTACTS
                ? new Verdict.Fail(
                        CONTACTS + " has " + ways + " addresses and numbers, fewer than " + MIN_CONTACTS,
                        "sudoedit " + CONTACTS)
                : found;
    }

    private static Verdict written(Evidence evidence, Path file, int least) {
        var text = evidence.text(file);
        if (text.isEmpty()) {
            return missing(evidence, "there is no " + file, "sudoedit " + file);
        }
        var placeholder = PLACEHOLDER.matcher(text.get());
        if (placeholder.find()) {
            return new Verdict.Fail(file + " still has the placeholder " + placeholder.group(), "sudoedit " + file);
        }
        return text.get().strip().length() < least
                ? new Verdict.Fail(file + " has fewer than " + least + " characters", "sudoedit " + file)
                : new Verdict.Pass(file + " is written");
    }
}
