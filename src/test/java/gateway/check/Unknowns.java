package gateway.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import gateway.check.Evidence.Reply;

/**
 * For each check, evidence that cannot be had.
 *
 * @param seen what the reason must say
 */
record Unknowns(String check, String seen, Consumer<PaperMachine> change) {
    static final List<Unknowns> ALL = all();

    private static List<Unknowns> all() {
        var all = new ArrayList<Unknowns>();
        places().forEach((check, place) -> all.add(new Unknowns(check, "is shut", machine -> machine.shut.add(place))));
        // What rests on the settings alone.
        for (var check : List.of(
                "password-length",
                "admin-token-length",
                "api-token-length",
                "log-level",
                "port-above-well-known",
                "production-mode",
                "webhook-secret-length",
                "database-credentials",
                "database-tls",
                "rate-limit",
                "backup-recent",
                "gateway-on-loopback")) {
            all.add(new Unknowns(check, "the settings have errors", machine -> {
                machine.settings.put("LOG_LEVEL", "nonsense");
                machine.shut.add("13000");
            }));
        }
        UpkeepBreaks.PEOPLE.forEach((check, item) ->
                all.add(new Unknowns(check, "is shut", machine -> machine.shut.add("attestation " + item))));
        all.addAll(found());
        return List.copyOf(all);
    }

    /** What is not there, or does not say enough. */
    private static List<Unknowns> found() {
        return List.of(
                new Unknowns("credentials-per-environment", "none can be compared", machine -> {
                    machine.settings.keySet().removeIf(name -> name.endsWith("_FILE"));
                    machine.settings.put("APP_PROFILE", "development");
                    machine.settings.remove("WHATSAPP_WEBHOOK");
                    machine.settings.remove("WHATSAPP_WEBHOOK_PROBES");
                }),
                new Unknowns(
                        "webhook-signatures",
                        "names no receiver, and no other",
                        machine -> machine.settings.remove("WHATSAPP_WEBHOOK_PROBES")),
                new Unknowns(
                        "webhook-signatures",
                        "not in WHATSAPP_WEBHOOK",
                        machine -> machine.settings.put("WHATSAPP_WEBHOOK_PROBES", "http://127.0.0.1:9/x")),
                new Unknowns(
                        "webhook-queue",
                        "no limit of its posts yet",
                        machine -> machine.metrics("whatsapp_build_info{version=\"1\"} 1\n")),
                new Unknowns(
                        "unknown-name", "answers 502 to its own name", machine -> machine.reply("443 /livez", 502, "")),
                new Unknowns("unknown-name", "answers 503 to an unknown name", machine -> {
                    machine.refusing = false;
                    machine.stranger = java.util.Optional.of(new Reply(503, Map.of(), ""));
                }),
                new Unknowns("unknown-name", "breaks off", machine -> {
                    machine.refusing = false;
                    machine.breaking = true;
                }),
                new Unknowns(
                        "rate-limit-met",
                        "more than a probe",
                        machine -> machine.settings.put("APP_RATE_LIMIT", "900/900")),
                new Unknowns("tls-tested", "no whole report", machine -> machine.texts.put(UpkeepChecks.TESTSSL, "[]")),
                new Unknowns("graceful-stop", "holds no stop", machine -> machine.unit(SoundUpkeep.STOPS, "")),
                new Unknowns(
                        "dependencies-current",
                        "lists no component",
                        machine -> machine.texts.put(UpkeepChecks.SBOM, "{}")),
                new Unknowns(
                        "no-secrets-in-code",
                        "none of the program's files",
                        machine -> UpkeepChecks.WRITTEN.forEach(machine.texts::remove)));
    }

    private static Map<String, String> places() {
        return Map.ofEntries(
                Map.entry("certificate", "443 tls"),
                Map.entry("tls-versions", "443 tls"),
                Map.entry("security-headers", "443 /"),
                Map.entry("redirect-to-https", "80 /"),
                Map.entry("certificate-renewal", "systemctl show certbot"),
                Map.entry("reverse-proxy", "443 /livez"),
                Map.entry("security-log-chain", "log"),
                Map.entry("log-retention", "/etc/logrotate.d"),
                Map.entry("failed-logins-counted", "13000"),
                Map.entry("api-asks-for-credential", "3000 /"),
                Map.entry("errors-tell-nothing", "3000 "),
                Map.entry("secrets-rotated", "13000"),
                Map.entry("confined", "/proc/77/attr"),
                Map.entry("secrets-kept-apart", "/proc/77/environ"),
                Map.entry("listening-sockets", "/proc/net/tcp"),
                Map.entry("database-answers", "PRAGMA"),
                Map.entry("database-permissions", PaperMachine.STORAGE.toString()),
                Map.entry("dedicated-user", "systemctl"),
                Map.entry("resource-limits", "systemctl"),
                Map.entry("service-active", "systemctl"),
                Map.entry("updates-automated", "apt-config"),
                Map.entry("env-file-mode", "/opt/whatsapp/.env"),
                Map.entry("backup-encrypted", PaperMachine.NEWEST.toString()),
                Map.entry("backup-whole", PaperMachine.NEWEST.toString()),
                Map.entry("restore-tested", PaperMachine.DRILL.toString()),
                Map.entry("file-permissions", PaperMachine.STORAGE.toString()),
                Map.entry("alerts-routed", "9093"),
                Map.entry("webhook-https", "SELECT url"),
                Map.entry("webhook-queue", "13000"),
                Map.entry("webhook-signatures", "15852"),
                Map.entry("failed-login-recorded", PaperMachine.LOG.toString()),
                Map.entry("rate-limit-met", "3000 "),
                Map.entry("hostile-requests", "3000 BREW"),
                Map.entry("unknown-name", "443 /livez"),
                Map.entry("alert-rules-loaded", "9090"),
                Map.entry("addresses-banned", "systemctl show fail2ban"),
                Map.entry("certificate-from-outside", "outside"),
                Map.entry("firewall", "nft"),
                Map.entry("ssh-hardened", "sshd"),
                Map.entry("audit-rules", "auditctl"),
                Map.entry("updates-applied", "apt-get"),
                Map.entry("graceful-stop", "journalctl"),
                Map.entry("tls-tested", UpkeepChecks.TESTSSL.toString()),
                Map.entry("restore-documented", AttestedChecks.PLAN.toString()),
                Map.entry("dependencies-current", UpkeepChecks.SBOM.toString()),
                Map.entry("no-secrets-in-code", UpkeepChecks.WRITTEN.getFirst().toString()));
    }
}
