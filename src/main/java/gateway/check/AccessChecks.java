package gateway.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import gateway.check.Check.Area;
import gateway.check.Check.Half;
import gateway.check.Check.Severity;
import gateway.config.BasicUser;
import gateway.config.Origin;
import gateway.config.Role;
import gateway.config.catalogue.Catalogue;
import gateway.config.catalogue.Setting;

/** Checks of credentials: how long, where kept, how old. */
final class AccessChecks {
    /** Guide A, Best Practices: 20 characters of a password, 32 of a token. */
    private static final int MIN_PASSWORD = 20;

    private static final int MIN_TOKEN = 32;
    private static final double MAX_AGE_DAYS = 90;
    private static final double DAY_SECONDS = 86_400;
    /** Places that no other program of the machine inherits or lists. */
    private static final Set<Origin.Kind> KEPT = EnumSet.of(
            Origin.Kind.FILE, Origin.Kind.CREDENTIAL, Origin.Kind.VAULT, Origin.Kind.AWS, Origin.Kind.MOUNTED);

    /** The secrets' settings by their names and by their flags. */
    private static final Map<String, String> SECRETS = Catalogue.all().stream()
            .filter(Setting::isSecret)
            .flatMap(setting -> Stream.of(List.of(setting.name()), setting.flags(Role.REST), setting.flags(Role.ADMIN))
                    .flatMap(List::stream)
                    .distinct()
                    .map(word -> Map.entry(word, setting.name())))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    private static final Pattern AGE =
            Pattern.compile("(?m)^whatsapp_secret_age_seconds\\{[^}]*secret=\"([^\"]+)\"[^}]*\\} ([0-9.eE+-]+)");

    private static final Path ADMIN = Path.of("/etc/systemd/system/whatsapp-admin.service");

    /** The URI of a SQLite file holds no password. */
    private static final String SQLITE = "file:";

    private AccessChecks() {}

    static List<Check> all() {
        return List.of(
                new Check(
                        "password-length",
                        Area.ACCESS,
                        Severity.HIGH,
                        List.of("A-AUTH-1"),
                        "the users of APP_BASIC_AUTH, and those of the database, whose passwords were judged when set",
                        "whatsapp user list",
                        AccessChecks::passwords),
                new Check(
                        "secrets-kept-apart",
                        Area.ACCESS,
                        Severity.HIGH,
                        List.of("A-AUTH-2"),
                        "the origin of each secret",
                        Running.SETTINGS_REMEDY,
                        AccessChecks::apart),
                new Check(
                        "process-shows-no-secret",
                        Area.ACCESS,
                        Severity.HIGH,
                        List.of("A-AUTH-2"),
                        "the environment and the arguments of the running service",
                        Running.START,
                        Half.ROOT,
                        AccessChecks::process),
                new Check(
                        "admin-token-length",
                        Area.ACCESS,
                        Severity.HIGH,
                        List.of("A-AUTH-4"),
                        "setting ADMIN_TOKEN",
                        "whatsapp rotate admin-token",
                        AccessChecks::adminToken),
                new Check(
                        "api-token-length",
                        Area.ACCESS,
                        Severity.HIGH,
                        List.of("B-ENV-1"),
                        "setting WHATSAPP_SECRET, and the tokens of the database, which the gateway made",
                        "whatsapp token list",
                        AccessChecks::apiToken),
                new Check(
                        "secrets-rotated",
                        Area.ACCESS,
                        Severity.MEDIUM,
                        List.of("A-ONG-2", "B-QTR-4"),
                        "the age of each secret that the running gateway reports",
                        "whatsapp rotate status",
                        AccessChecks::rotated));
    }

    private static Verdict passwords(Evidence evidence) {
        return Running.refused(evidence, "APP_BASIC_AUTH").orElseGet(() -> accepted(evidence));
    }

    private static Verdict accepted(Evidence evidence) {
        var users = Running.settings(evidence).auth().users();
        var shortOnes = users.stream()
                .filter(user -> user.password() instanceof BasicUser.Plain plain
                        && plain.text().length() < MIN_PASSWORD)
                .map(BasicUser::name)
                .toList();
        if (!shortOnes.isEmpty()) {
            return new Verdict.Fail(
                    shortOnes.size() + " passwords of APP_BASIC_AUTH have fewer than " + MIN_PASSWORD + " characters",
                    "whatsapp rotate basic-auth");
        }
        long hashed = users.stream()
                .filter(user -> user.password() instanceof BasicUser.Argon2id)
                .count();
        if (hashed > 0) {
            throw new Unseen(hashed + " passwords of APP_BASIC_AUTH are hashes, whose length nobody can see");
        }
        int stored = Integer.parseInt(
                evidence.rows("SELECT count(*) FROM account_user").getFirst().getFirst());
        if (users.isEmpty() && stored == 0) {
            throw new Unseen("these settings and the database have no user; the service may have its own");
        }
        return new Verdict.Pass(users.size() + " passwords of APP_BASIC_AUTH have " + MIN_PASSWORD
                + " characters or more; " + stored + " users of the database passed the same rule");
    }

    private static Verdict apart(Evidence evidence) {
        var wrong = new ArrayList<String>();
        int kept = 0;
        for (var value : evidence.configuration().values()) {
            if (!SECRETS.containsKey(value.name())
                    || value.origin().kind() == Origin.Kind.DEFAULT
                    || value.shown().startsWith(SQLITE)) {
                continue;
            }
            if (KEPT.contains(value.origin().kind())) {
                kept++;
            } else {
                wrong.add(value.name() + " comes from " + value.origin());
            }
        }
        if (wrong.isEmpty() && (kept == 0 || evidence.configuration().settings().isEmpty())) {
            throw new Unseen(kept == 0 ? "these settings have no secret" : "these settings have errors");
        }
        return Verdict.of(
                wrong, kept + " secrets of these settings come from files or a secret store", "whatsapp env encrypt");
    }

    /** The service's process has a user namespace of its own, so that root alone can look into it. */
    private static Verdict process(Evidence evidence) {
        var pid = Units.loaded(evidence, Running.UNIT, "MainPID").getOrDefault("MainPID", "0");
        if (pid.equals("0")) {
            throw new Unseen("the service does not run, so its environment cannot be seen");
        }
        var wrong = new ArrayList<String>();
        for (var file : List.of("environ", "cmdline")) {
            var place = Path.of("/proc", pid, file);
            var text = evidence.text(place).orElseThrow(() -> new Unseen(place + " is gone"));
            var entries = text.split("\0");
            for (int i = 0; i < entries.length; i++) {
                var pair = entries[i].split("=", 2);
                var name = SECRETS.get(pair[0]);
                // The value of a flag follows it as the next argument, or after an equals sign.
                var value = pair.length > 1 ? pair[1] : i + 1 < entries.length ? entries[i + 1] : "";
                if (name != null && !value.startsWith(SQLITE)) {
                    wrong.add(name + " is in " + place);
                }
            }
        }
        return Verdict.of(
                wrong, "no secret is in the environment or the arguments of process " + pid, "systemctl edit whatsapp");
    }

    private static Verdict adminToken(Evidence evidence) {
        var refused = Running.refused(evidence, "ADMIN_TOKEN");
        if (refused.isPresent()) {
            return refused.get();
        }
        return Running.settings(evidence)
                .admin()
                .token()
                .map(token -> length("ADMIN_TOKEN", token.length(), "whatsapp rotate admin-token"))
                .orElseGet(() -> {
                    if (evidence.file(ADMIN).isEmpty()) {
                        return new Verdict.NotApplicable("there is no ADMIN_TOKEN and no " + ADMIN);
                    }
                    return new Verdict.Pass(
                            "whatsapp-admin.service has a token of its own, and starts with none of fewer than "
                                    + MIN_TOKEN + " characters");
                });
    }

    private static Verdict apiToken(Evidence evidence) {
        var refused = Running.refused(evidence, "WHATSAPP_SECRET");
        if (refused.isPresent()) {
            return refused.get();
        }
        var token = Running.settings(evidence).auth().apiToken();
        if (token.isPresent()) {
            return length("WHATSAPP_SECRET", token.get().length(), "whatsapp rotate api-token");
        }
        var stored =
                evidence.rows("SELECT count(*) FROM account_token").getFirst().getFirst();
        if (stored.equals("0")) {
            throw new Unseen("these settings and the database have no token; the service may have its own");
        }
        return new Verdict.Pass(stored + " tokens, each of 32 random bytes; WHATSAPP_SECRET is not set");
    }

    private static Verdict length(String name, int length, String remedy) {
        return length < MIN_TOKEN
                ? new Verdict.Fail(name + " has " + length + " characters, fewer than " + MIN_TOKEN, remedy)
                : new Verdict.Pass(name + " has " + MIN_TOKEN + " characters or more");
    }

    private static Verdict rotated(Evidence evidence) {
        var old = new ArrayList<String>();
        int count = 0;
        for (var age : AGE.matcher(Running.metrics(evidence)).results().toList()) {
            count++;
            long days = Math.round(Double.parseDouble(age.group(2)) / DAY_SECONDS);
            if (days < 0) {
                old.add(age.group(1) + " is from the future: a clock jumped");
            } else if (days > MAX_AGE_DAYS) {
                old.add(age.group(1) + " is " + days + " days old");
            }
        }
        if (count == 0) {
            throw new Unseen("the gateway reports no age of a secret");
        }
        return Verdict.of(old, count + " secrets are at most 90 days old", "whatsapp rotate status");
    }
}
