package gateway.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import gateway.audit.AuditVerifier;
import gateway.config.Role;
import gateway.config.reading.Configuration;
import gateway.config.reading.SettingsReader;
import gateway.config.source.Flags;

/** A machine that exists in maps only: converged and sound, until a test breaks something of it. */
final class PaperMachine implements Evidence {
    static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");
    static final String NAME = "gw.example";
    static final Path BACKUP = Path.of("/mnt/backup");
    static final Path NEWEST = BACKUP.resolve("whatsapp-0a1b2c3d-20261231T200000Z.tar.zst.gpg");
    static final Path LOG = Path.of("/var/log/whatsapp/security.log");
    static final Path STORAGE = Path.of("/opt/whatsapp/storages");
    static final Path DRILL = Path.of("/var/lib/figures/whatsapp_restore_drill_0a1b2c3d.prom");
    static final String UNIT = "systemctl show whatsapp.service";
    static final String TIMER = "systemctl show certbot.timer";
    static final String TIMED = "systemctl show certbot.service";
    static final String UPDATES = "systemctl show apt-daily-upgrade.timer";
    static final String METRICS = "13000 /metrics";
    static final String RECEIVER = "15852 POST /webhook";
    static final String SUM = "0".repeat(64);

    final Map<String, String> settings = new HashMap<>();
    final Map<Path, String> texts = new HashMap<>();
    final Map<Path, FileFacts> files = new TreeMap<>();
    final Map<Path, byte[]> heads = new HashMap<>();
    final Map<String, Output> outputs = new HashMap<>();
    final Map<String, Reply> replies = new HashMap<>();
    final Map<String, List<List<String>>> tables = new HashMap<>();
    final Set<OldTls> oldTls = new HashSet<>();
    final Map<String, String> spoken = new HashMap<>(Map.of("TLSv1.2", "TLSv1.2", "TLSv1.3", "TLSv1.3"));
    /** What cannot be looked at: the beginning of a path, command, port or statement. */
    final Set<String> shut = new HashSet<>();

    /** The certificate that the edge's name shows the world; its own when empty. */
    Optional<X509Certificate> world = Optional.empty();

    Optional<String> worldTrouble = Optional.empty();

    Optional<String> trouble = Optional.empty();
    AuditVerifier.Report log = new AuditVerifier.Report(120, Optional.empty());
    Instant now = NOW;
    String sum = SUM;
    boolean counting = true;
    /** The log's last lines. */
    String end = "{\"event\":\"authn_login_fail\",\"request_id\":\"" + SoundReplies.REQUEST + "\",\"src_ip\":\""
            + Evidence.PROBES + "\"}\n";

    final Map<String, Attestation.Found> attested = new HashMap<>();
    /** Whether the edge ends the handshake of a name that is not its own. */
    boolean refusing = true;
    /** Whether the connection breaks off for such a name. */
    boolean breaking;
    /** What the edge answers to such a name; its own page when empty. */
    Optional<Reply> stranger = Optional.empty();
    /** The number of a request of the burst that is answered with 429; 0 for none. */
    int limit = 5;
    /** What a marked receiver answers to a good, a bad, a stale and a repeated event. */
    List<Reply> receiver = SoundReplies.receiver();

    private int burst;
    private int posted;

    private final Path directory;
    private int counted;
    /** Every request that was made. */
    final List<String> asked = java.util.Collections.synchronizedList(new java.util.ArrayList<>());
    /** The Retry-After of the burst's 429. */
    String wait = "1";
    /** Whether the burst's address is answered with 429 for ever after its first 429. */
    boolean limiting;

    PaperMachine(Path directory) {
        this.directory = directory;
        settings();
        SoundHost.put(this);
        replies.putAll(SoundReplies.all());
        SoundUpkeep.put(this);
    }

    private void settings() {
        secret("APP_BASIC_AUTH", "admin:kV8-wq2Lx7RzT4mPb9Yc");
        secret("WHATSAPP_SECRET", "nB5tQe8Wz1YhKr7Xu3CmLs6DvFj2GpAo");
        secret("ADMIN_TOKEN", "Zr4Tj9Wq6Bm1Xs8Lc3Vn7Hd2Kf5Gy0Pa");
        secret("WHATSAPP_WEBHOOK_SECRET", "q7Hd2Kf5Gy0PaZr4Tj9Wq6Bm1Xs8Lc3V");
        settings.put("WHATSAPP_WEBHOOK", "https://app.example.com/hook,http://127.0.0.1:15852/webhook");
        settings.put("WHATSAPP_WEBHOOK_PROBES", "http://127.0.0.1:15852/webhook");
        settings.put("WHATSAPP_WEBHOOK_ALLOW_HTTP", "true");
        settings.put("WHATSAPP_WEBHOOK_ALLOW_CIDRS", "127.0.0.0/8");
        settings.put("APP_PROFILE", "production");
        settings.put("WHATSAPP_ENGINE", "web");
        settings.put("APP_TRUSTED_PROXY", "true");
        settings.put("APP_STORAGE_DIR", STORAGE.toString());
        settings.put("DB_URI", "file:" + STORAGE + "/whatsapp.db");
        settings.put("APP_SECURITY_LOG", LOG.toString());
        settings.put("WHATSAPP_BACKUP_DIRECTORY", BACKUP.toString());
        settings.put("WHATSAPP_BACKUP_METRICS", String.valueOf(DRILL.getParent()));
    }

    /** Puts a secret into a file, and its name into the settings. */
    void secret(String setting, String value) {
        try {
            settings.put(
                    setting + "_FILE",
                    Files.writeString(directory.resolve(setting), value).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void drill(Instant time) {
        texts.put(
                DRILL,
                "whatsapp_restore_drill_last_success_timestamp_seconds{gateway=\"0a1b2c3d\"} " + time.getEpochSecond()
                        + "\n");
    }

    void sockets(String... local) {
        var table = new StringBuilder("  sl  local_address rem_address   st\n");
        for (var address : local) {
            table.append("   0: ").append(address).append(" 00000000:0000 0A 0\n");
        }
        texts.put(Path.of("/proc/net/tcp"), table.toString());
    }

    void metrics(String text) {
        reply(METRICS, 200, text);
    }

    void reply(String target, int status, String body) {
        replies.put(target, new Reply(status, Map.of(), body));
    }

    void unit(String command, String text) {
        outputs.put(command, new Output(0, text));
    }

    void file(Path path, String kind, int mode) {
        files.put(path, new FileFacts(kind, "whatsapp", "whatsapp", mode, 10, NOW));
    }

    void file(Path path, String kind, String owner, int mode, Instant modified) {
        files.put(path, new FileFacts(kind, owner, owner, mode, 10, modified));
    }

    static X509Certificate certificate() {
        return certificate("edge.pem");
    }

    static X509Certificate certificate(String name) {
        try (var in = PaperMachine.class.getResourceAsStream(name)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        } catch (IOException | CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    private void seen(String what) {
        if (shut.stream().anyMatch(what::startsWith)) {
            throw new Unseen(what + " is shut");
        }
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public Configuration configuration() {
        return new SettingsReader(Role.REST, new Flags(Map.of()), settings, directory).read();
    }

    @Override
    public Optional<FileFacts> file(Path path) {
        seen(path.toString());
        return Optional.ofNullable(files.get(path));
    }

    @Override
    public Optional<String> text(Path path) {
        seen(path.toString());
        return Optional.ofNullable(texts.get(path));
    }

    @Override
    public byte[] head(Path path, int bytes) {
        seen(path.toString());
        return Arrays.copyOf(heads.get(path), Math.min(bytes, heads.get(path).length));
    }

    @Override
    public String tail(Path path, int bytes) {
        seen(path.toString());
        return end;
    }

    @Override
    public Optional<Attestation.Found> attestation(String item) {
        seen("attestation " + item);
        return Optional.ofNullable(attested.get(item));
    }

    @Override
    public String sha256(Path path) {
        seen(path.toString());
        return sum;
    }

    @Override
    public List<Path> list(Path folder) {
        seen(folder.toString());
        return files.keySet().stream()
                .filter(path -> folder.equals(path.getParent()))
                .toList();
    }

    @Override
    public Output run(String... command) {
        var words = Arrays.stream(command).filter(word -> !word.startsWith("-")).toList();
        var line = String.join(" ", words);
        seen(line);
        return Optional.ofNullable(outputs.get(line)).orElseThrow(() -> new Unseen("no program " + line));
    }

    @Override
    public Reply http(Request request) {
        var target = request.port() + " " + request.line();
        seen(target);
        asked.add(target + " from " + request.from());
        if (request.name().equals(ProbeChecks.STRANGE) && refusing) {
            throw new Refused("the handshake is refused");
        }
        if (request.name().equals(ProbeChecks.STRANGE) && breaking) {
            throw new Unseen("the connection breaks off");
        }
        if (request.name().equals(ProbeChecks.STRANGE) && stranger.isPresent()) {
            return stranger.get();
        }
        if (target.startsWith(RECEIVER)) {
            return receiver.get(posted++ % receiver.size());
        }
        if (request.from().equals(Evidence.BURST) && (++burst == limit || burst > limit && limiting)) {
            return new Reply(429, Map.of("retry-after", wait), "{}");
        }
        if (target.equals(METRICS)) {
            var page = replies.get(METRICS);
            counted += counting ? 1 : 0;
            return new Reply(
                    page.status(),
                    Map.of(),
                    page.body() + "whatsapp_auth_attempts_total{reason=\"missing\"} " + counted + "\n");
        }
        return replies.entrySet().stream()
                .filter(entry -> target.startsWith(entry.getKey()))
                .max(java.util.Comparator.comparingInt(entry -> entry.getKey().length()))
                .map(Map.Entry::getValue)
                .orElseThrow(() -> new Unseen("no answer on " + target));
    }

    @Override
    public Handshake tls(int port, String name, String version) {
        seen(port + " tls");
        return new Handshake(spoken.get(version), List.of(certificate()), trouble);
    }

    @Override
    public Handshake outside(int port, String name) {
        seen("outside " + name);
        return new Handshake("TLSv1.3", List.of(world.orElseGet(PaperMachine::certificate)), worldTrouble);
    }

    @Override
    public boolean acceptsOldTls(int port, String name, OldTls version) {
        seen(port + " tls");
        return oldTls.contains(version);
    }

    @Override
    public AuditVerifier.Report securityLog() {
        seen("log");
        return log;
    }

    @Override
    public List<List<String>> rows(String sql) {
        seen(sql);
        return tables.entrySet().stream()
                .filter(entry -> sql.startsWith(entry.getKey()))
                .findFirst()
                .map(Map.Entry::getValue)
                .orElseThrow(() -> new Unseen("no table for " + sql));
    }
}
