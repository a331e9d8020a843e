package gateway.check;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import gateway.check.Check.Area;
import gateway.check.Check.Severity;

/** Checks of the settings that have no area of their own. */
final class SettingsChecks {
    private static final Pattern PROFILE = Pattern.compile("(?m)^whatsapp_profile\\{[^}]*profile=\"([a-z]+)\"");
    private static final int FIRST_FREE = 1024;
    /** What scanners try first after the well-known ports. */
    private static final Set<Integer> TRIED = Set.of(8080, 8443, 8888);

    private static final String PRODUCTION = "echo APP_PROFILE=production >> /etc/whatsapp/environment";

    private SettingsChecks() {}

    static List<Check> all() {
        return List.of(
                new Check(
                        "production-mode",
                        Area.SETTINGS,
                        Severity.HIGH,
                        List.of("B-ENV-4"),
                        "the profile that the running gateway reports, otherwise that of the settings",
                        Running.SETTINGS_REMEDY,
                        SettingsChecks::production),
                new Check(
                        "log-level",
                        Area.SETTINGS,
                        Severity.LOW,
                        List.of("B-ENV-5"),
                        "setting LOG_LEVEL",
                        Running.SETTINGS_REMEDY,
                        SettingsChecks::logLevel),
                new Check(
                        "port-above-well-known",
                        Area.SETTINGS,
                        Severity.LOW,
                        List.of("B-ENV-3"),
                        "setting APP_PORT",
                        Running.SETTINGS_REMEDY,
                        SettingsChecks::port));
    }

    private static Verdict production(Evidence evidence) {
        String profile;
        String source;
        try {
            var running = PROFILE.matcher(Running.metrics(evidence));
            profile = running.find() ? running.group(1) : "unknown";
            source = "the running gateway";
        } catch (Unseen unseen) {
            profile = Running.settings(evidence).profile().text();
            source = "the settings (" + unseen.getMessage() + ")";
        }
        var seen = "profile " + profile + " by " + source;
        return switch (profile) {
            case "production" -> new Verdict.Pass(seen);
            case "rehearsal" -> new Verdict.Warn(seen + ": WhatsApp may be a twin", PRODUCTION);
            default -> new Verdict.Fail(seen, PRODUCTION);
        };
    }

    private static Verdict logLevel(Evidence evidence) {
        var level = Running.settings(evidence).logLevel();
        return switch (level) {
            case INFO, WARN -> new Verdict.Pass("LOG_LEVEL " + level);
            case ERROR -> new Verdict.Warn("LOG_LEVEL ERROR hides warnings", "whatsapp config check");
            case DEBUG -> new Verdict.Fail("LOG_LEVEL DEBUG", "sed -i /^LOG_LEVEL=/d /etc/whatsapp/environment");
        };
    }

    private static Verdict port(Evidence evidence) {
        int port = Running.settings(evidence).http().port();
        if (port == 0) {
            throw new Unseen("APP_PORT is 0, any free port");
        }
        var seen = "APP_PORT " + port;
        if (port < FIRST_FREE) {
            return new Verdict.Fail(seen + " is well known", "whatsapp config check --port 3000");
        }
        return TRIED.contains(port)
                ? new Verdict.Warn(seen + " is tried by every scanner", "whatsapp config check --port 3000")
                : new Verdict.Pass(seen);
    }
}
