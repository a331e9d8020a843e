package gateway.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

import gateway.check.Evidence.Reply;

/**
 * For each check, evidence that cannot be had.
 *
 * @param seen what the reason must say
 */
record Unknowns(String check, String seen, Consumer<PaperMachine> change) {
    /** Checks, each with the beginning of what is asked of the machine. */
    private static final String PLACES = """
            certificate               443 tls
            tls-versions              443 tls
            security-headers          443 /
            redirect-to-https         80 /
            certificate-renewal       systemctl show certbot
            reverse-proxy             443 /livez
            security-log-chain        log
            log-retention             /etc/logrotate.d
            failed-logins-counted     13000
            failed-logins-watched     9090
            api-asks-for-credential   3000 /
            errors-tell-nothing       3000\s
            secrets-rotated           13000
            confined                  /proc/77/attr
            process-shows-no-secret   /proc/77/environ
            listening-sockets         /proc/net/tcp
            database-answers          PRAGMA
            dedicated-user            systemctl
            resource-limits           systemctl
            service-active            systemctl
            updates-automated         apt-config
            env-file-mode             /opt/whatsapp/.env
            alerts-routed             9093
            webhook-https             SELECT url
            webhook-queue             13000
            webhook-signatures        15852
            rate-limit-met            3000\s
            hostile-requests          3000 BREW
            unknown-name              443 /livez
            alert-rules-loaded        9090
            addresses-banned          systemctl show fail2ban
            digest-scheduled          systemctl show whatsapp-digest
            checks-scheduled          systemctl show whatsapp-check
            certificate-from-outside  outside
            firewall                  nft
            ssh-hardened              sshd
            audit-rules               auditctl
            updates-applied           apt-get
            graceful-stop             journalctl
            """;

    /** Checks, each with the file that it reads. */
    private static final Map<String, Path> FILES = Map.of(
            "database-permissions", PaperMachine.STORAGE,
            "backup-encrypted", PaperMachine.NEWEST,
            "backup-whole", PaperMachine.NEWEST,
            "restore-tested", PaperMachine.DRILL,
            "file-permissions", PaperMachine.STORAGE,
            "failed-login-recorded", PaperMachine.LOG,
            "tls-tested", ScanChecks.TESTSSL,
            "restore-documented", AttestedChecks.PLAN,
            "dependencies-current", UpkeepChecks.SBOM,
            "no-secrets-in-code", UpkeepChecks.WRITTEN.getFirst());

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
                new Unknowns("credentials-per-environment", "none can be compared", Unknowns::withoutSecrets),
                new Unknowns("secrets-kept-apart", "have no secret", Unknowns::withoutSecrets),
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
                new Unknowns("tls-tested", "no whole report", machine -> machine.texts.put(ScanChecks.TESTSSL, "[]")),
                new Unknowns(
                        "tls-tested",
                        "not a file that root alone can write",
                        machine -> machine.file(ScanChecks.TESTSSL, "file", "whatsapp", 0644, PaperMachine.NOW)),
                new Unknowns("host-scanned", "nobody has scanned", machine -> machine.files.remove(ScanChecks.LYNIS)),
                new Unknowns("host-scanned", "no whole result", machine -> machine.texts.put(ScanChecks.LYNIS, "{}")),
                new Unknowns(
                        "host-scanned",
                        "not a file that root alone can write",
                        machine -> machine.file(ScanChecks.LYNIS, "link", "root", 0777, PaperMachine.NOW)),
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

    private static void withoutSecrets(PaperMachine machine) {
        machine.settings.keySet().removeIf(name -> name.endsWith("_FILE"));
        machine.settings.put("APP_PROFILE", "development");
        machine.settings.remove("WHATSAPP_WEBHOOK");
        machine.settings.remove("WHATSAPP_WEBHOOK_PROBES");
    }

    private static Map<String, String> places() {
        var places = new TreeMap<String, String>();
        PLACES.lines().map(line -> line.split(" {2,}")).forEach(pair -> places.put(pair[0], pair[1]));
        FILES.forEach((check, file) -> places.put(check, file.toString()));
        return places;
    }
}
