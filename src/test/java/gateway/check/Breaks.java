package gateway.check;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import gateway.audit.AuditVerifier;
import gateway.check.Evidence.FileFacts;
import gateway.check.Evidence.OldTls;
import gateway.check.Evidence.Reply;

/**
 * Everything that is broken on a sound machine, one thing at a time.
 *
 * @param check the check that must see it
 * @param seen  what its evidence must say
 */
record Breaks(String check, String seen, Consumer<PaperMachine> change) {
    static final List<Breaks> ALL = all();

    private static List<Breaks> all() {
        var all = new ArrayList<Breaks>();
        all.addAll(access());
        all.addAll(data());
        all.addAll(reach());
        all.addAll(host());
        all.addAll(watch());
        all.addAll(SlyBreaks.all());
        all.addAll(UpkeepBreaks.all());
        all.addAll(ScanBreaks.all());
        return List.copyOf(all);
    }

    private static Breaks of(String check, String seen, Consumer<PaperMachine> change) {
        return new Breaks(check, seen, change);
    }

    private static List<Breaks> access() {
        return List.of(
                of("password-length", "fewer than 20", machine -> {
                    machine.settings.put("APP_PROFILE", "development");
                    machine.secret("APP_BASIC_AUTH", "admin:kV8-wq2Lx7");
                }),
                of("secrets-kept-apart", "DB_PASSWORD comes from", machine -> {
                    machine.settings.put("DB_PASSWORD", "kV8-wq2Lx7RzT4mPb9Yc");
                }),
                of(
                        "process-shows-no-secret",
                        "APP_BASIC_AUTH is in /proc/77/environ",
                        machine -> machine.texts.put(Path.of("/proc/77/environ"), "A=b\0APP_BASIC_AUTH=admin:x\0")),
                of("admin-token-length", "has 21 characters", machine -> {
                    machine.settings.put("APP_PROFILE", "development");
                    machine.secret("ADMIN_TOKEN", "Zr4Tj9Wq6Bm1Xs8Lc3Vn7");
                }),
                of("api-token-length", "has 21 characters", machine -> {
                    machine.settings.put("APP_PROFILE", "development");
                    machine.secret("WHATSAPP_SECRET", "Zr4Tj9Wq6Bm1Xs8Lc3Vn7");
                }),
                of(
                        "secrets-rotated",
                        "basic-auth is 91 days old",
                        machine -> machine.metrics(SoundReplies.metrics("production", 91))),
                of(
                        "production-mode",
                        "profile development",
                        machine -> machine.metrics(SoundReplies.metrics("development", 1))),
                of("log-level", "DEBUG", machine -> machine.settings.put("LOG_LEVEL", "debug")),
                of("port-above-well-known", "APP_PORT 80", machine -> machine.settings.put("APP_PORT", "80")),
                of("webhook-https", "app.example.com has no TLS", machine -> {
                    machine.settings.put("WHATSAPP_WEBHOOK", "http://app.example.com/hook");
                    machine.settings.put("WHATSAPP_WEBHOOK_ALLOW_HTTP", "true");
                }),
                of(
                        "webhook-https",
                        "far.example.com has no TLS",
                        machine -> machine.tables.put(
                                "SELECT url FROM webhook_endpoint", List.of(List.of("http://far.example.com/")))),
                of("webhook-secret-length", "fewer than 32", machine -> {
                    machine.settings.put("APP_PROFILE", "development");
                    machine.secret("WHATSAPP_WEBHOOK_SECRET", "Zr4Tj9Wq6Bm1Xs8Lc3Vn7");
                }));
    }

    private static List<Breaks> data() {
        var database = PaperMachine.STORAGE.resolve("whatsapp.db");
        return List.of(
                of("database-credentials", "mode 0644", machine -> machine.file(database, "file", 0644)),
                of(
                        "database-permissions",
                        "belongs to root",
                        machine -> machine.files.put(
                                database, new FileFacts("file", "root", "root", 0600, 1, PaperMachine.NOW))),
                of("database-tls", "proves no identity", machine -> {
                    machine.settings.remove("DB_URI");
                    machine.secret("DB_URI", "postgresql://gateway:kV8-wq2Lx7RzT4mPb9Yc@db.example/w?sslmode=require");
                }),
                of(
                        "database-answers",
                        "journal mode delete",
                        machine -> machine.tables.put("PRAGMA journal_mode", List.of(List.of("delete")))),
                of("backup-recent", "hours old", machine -> machine.now = PaperMachine.NOW.plus(Duration.ofDays(3))),
                of(
                        "backup-recent",
                        "from the future",
                        machine -> machine.now = PaperMachine.NOW.minus(Duration.ofDays(1))),
                of("backup-recent", "there is no backup", machine -> machine.files.remove(PaperMachine.NEWEST)),
                of("backup-recent", "is not set", machine -> machine.settings.remove("WHATSAPP_BACKUP_DIRECTORY")),
                of("backup-recent", "waived: the host is copied every hour", machine -> {
                    machine.settings.remove("WHATSAPP_BACKUP_DIRECTORY");
                    machine.settings.put("WHATSAPP_BACKUP_WAIVED", "the host is copied every hour");
                }),
                of(
                        "backup-encrypted",
                        "does not begin as OpenPGP",
                        machine -> machine.heads.put(
                                PaperMachine.NEWEST, new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD})),
                of("backup-encrypted", "is not encrypted", machine -> {
                    var plain = ("\u00C1" + "a line of text ".repeat(5_000)).getBytes(StandardCharsets.ISO_8859_1);
                    machine.heads.put(PaperMachine.NEWEST, plain);
                }),
                of("backup-whole", "altered", machine -> machine.sum = "1".repeat(64)),
                of(
                        "restore-tested",
                        "31 days ago",
                        machine -> machine.drill(PaperMachine.NOW.minus(Duration.ofDays(31)))));
    }

    private static List<Breaks> reach() {
        return List.of(
                of(
                        "listening-sockets",
                        "0.0.0.0:9090",
                        machine -> machine.sockets("0100007F:0BB8", "00000000:01BB", "00000000:2382")),
                of("gateway-on-loopback", "0.0.0.0:3000", machine -> machine.sockets("00000000:0BB8")),
                of(
                        "gateway-on-loopback",
                        "APP_HOST is 0.0.0.0",
                        machine -> machine.settings.put("APP_HOST", "0.0.0.0")),
                of("reverse-proxy", "answers 502", machine -> machine.reply("443 /livez", 502, "")),
                of("reverse-proxy", "10.0.0.0", machine -> machine.settings.put("APP_TRUSTED_PROXY", "10.0.0.0/8")),
                of(
                        "api-asks-for-credential",
                        "/webhooks answers 200",
                        machine -> machine.reply("3000 /webhooks", 200, "{}")),
                of(
                        "errors-tell-nothing",
                        "says \"java.lang",
                        machine -> machine.reply("3000 GET", 400, "java.lang.IllegalStateException")),
                of("rate-limit", "APP_RATE_LIMIT is off", machine -> machine.settings.put("APP_RATE_LIMIT", "off")),
                of(
                        "certificate",
                        "days left",
                        machine -> machine.now = PaperMachine.certificate()
                                .getNotAfter()
                                .toInstant()
                                .minus(Duration.ofDays(10))),
                of(
                        "certificate",
                        "ended",
                        machine -> machine.now = PaperMachine.certificate()
                                .getNotAfter()
                                .toInstant()
                                .plusSeconds(1)),
                of(
                        "certificate",
                        "not for other.example",
                        machine -> machine.texts.put(Edge.NGINX, " server_name other.example;\n")),
                of("certificate", "no known authority", machine -> machine.trouble = Optional.of("no known authority")),
                of("redirect-to-https", "answers 200", machine -> machine.reply("80 /livez", 200, "")),
                of("tls-versions", "TLS 1.0 is accepted", machine -> machine.oldTls.add(OldTls.TLS_1_0)),
                of("tls-versions", "TLS 1.1 is accepted", machine -> machine.oldTls.add(OldTls.TLS_1_1)),
                of("tls-versions", "the edge speaks", machine -> machine.spoken.put("TLSv1.3", "TLSv1.2")),
                of(
                        "security-headers",
                        "strict-transport-security is weak on status 401",
                        machine -> header(machine, "443 /app/devices", "strict-transport-security", "max-age=0")),
                of(
                        "security-headers",
                        "x-frame-options is missing on status 200",
                        machine -> header(machine, "443 /livez", "x-frame-options", null)),
                of(
                        "certificate-renewal",
                        "is not active",
                        machine -> machine.unit(PaperMachine.TIMER, "LoadState=loaded\nActiveState=inactive\n")),
                of(
                        "certificate-renewal",
                        "ended with exit-code",
                        machine -> machine.unit(PaperMachine.TIMED, "LoadState=loaded\nResult=exit-code\n")));
    }

    private static void header(PaperMachine machine, String target, String name, String value) {
        var old = machine.replies.get(target);
        Map<String, String> headers = new HashMap<>(old.headers());
        if (value == null) {
            headers.remove(name);
        } else {
            headers.put(name, value);
        }
        machine.replies.put(target, new Reply(old.status(), headers, old.body()));
    }

    private static void unit(PaperMachine machine, String from, String to) {
        machine.unit(
                PaperMachine.UNIT, machine.outputs.get(PaperMachine.UNIT).text().replace(from, to));
    }

    private static List<Breaks> host() {
        return List.of(
                of("dedicated-user", "runs as root", machine -> unit(machine, "User=whatsapp", "User=root")),
                of(
                        "dedicated-user",
                        "the shell /bin/bash",
                        machine -> machine.texts.put(Path.of("/etc/passwd"), "whatsapp:x:990:990::/:/bin/bash\n")),
                of(
                        "dedicated-user",
                        "in the group sudo",
                        machine -> machine.texts.put(Path.of("/etc/group"), "sudo:x:27:ada,whatsapp\n")),
                of(
                        "file-permissions",
                        "secrets has mode 0755",
                        machine -> machine.file(PaperMachine.STORAGE.resolve("secrets"), "directory", 0755)),
                of(
                        "file-permissions",
                        "/opt/whatsapp/lib has mode 0775",
                        machine -> machine.file(Path.of("/opt/whatsapp/lib"), "directory", 0775)),
                of(
                        "env-file-mode",
                        ".env has mode 0644",
                        machine -> machine.file(Path.of("/opt/whatsapp/.env"), "file", 0644)),
                of(
                        "confined",
                        "unconfined",
                        machine -> machine.texts.put(Path.of("/proc/77/attr/current"), "unconfined\n")),
                of(
                        "confined",
                        "(complain)",
                        machine -> machine.texts.put(Path.of("/proc/77/attr/current"), "whatsapp (complain)\n")),
                of(
                        "confined",
                        "SELinux",
                        machine -> machine.texts.put(
                                Path.of("/proc/77/attr/current"), "system_u:system_r:unconfined_service_t:s0\0")),
                of(
                        "resource-limits",
                        "MemoryMax is not set",
                        machine -> unit(machine, "MemoryMax=536870912", "MemoryMax=infinity")),
                of(
                        "updates-automated",
                        "Unattended-Upgrade is off",
                        machine -> machine.unit(
                                "apt-config dump",
                                "APT::Periodic::Update-Package-Lists \"1\";\nAPT::Periodic::Unattended-Upgrade \"0\";\n")),
                of(
                        "updates-automated",
                        "timer is not active",
                        machine -> machine.unit(PaperMachine.UPDATES, "LoadState=loaded\nActiveState=inactive\n")),
                of("service-active", "is failed", machine -> unit(machine, "ActiveState=active", "ActiveState=failed")),
                of(
                        "service-active",
                        "1 other units",
                        machine -> machine.unit("systemctl list-units", "x.service loaded failed failed X\n")));
    }

    private static List<Breaks> watch() {
        return List.of(
                of(
                        "security-log-chain",
                        "security.log:3",
                        machine -> machine.log =
                                new AuditVerifier.Report(2, Optional.of("security.log:3: the seal is wrong"))),
                of("security-log-chain", "mode 0644", machine -> machine.file(PaperMachine.LOG, "file", 0644)),
                of(
                        "security-log-chain",
                        "has no line",
                        machine -> machine.log = new AuditVerifier.Report(0, Optional.empty())),
                of(
                        "log-retention",
                        "neither rotate",
                        machine -> machine.texts.put(
                                Path.of("/etc/logrotate.d/whatsapp"), PaperMachine.LOG + " {\n weekly\n}\n")),
                of(
                        "log-retention",
                        "journald has no limit",
                        machine -> machine.texts.put(
                                Path.of("/etc/systemd/journald.conf.d/whatsapp.conf"), "[Journal]\n")),
                of("failed-logins-counted", "did not rise", machine -> machine.counting = false),
                of(
                        "failed-logins-watched",
                        "no series",
                        machine -> machine.reply("9090 /api", 200, "{\"data\":{\"result\":[]}}")),
                of("alerts-routed", "no receiver", machine -> machine.reply("9093 /api/v2/receivers", 200, "[]")),
                of("alerts-routed", "does not reach", machine -> machine.reply("9093 /api/v2/alerts", 200, "[]")));
    }
}
