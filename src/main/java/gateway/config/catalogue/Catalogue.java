package gateway.config.catalogue;

import static gateway.config.catalogue.Setting.Nature.LIST;
import static gateway.config.catalogue.Setting.Nature.SECRET;
import static gateway.config.catalogue.Setting.Nature.SECRET_LIST;
import static gateway.config.catalogue.Setting.Nature.SWITCH;
import static gateway.config.catalogue.Setting.define;

import gateway.config.BasicUser;
import gateway.config.Cidr;
import gateway.config.DatabaseSetting;
import gateway.config.Secret;
import gateway.config.Settings.Dialect;
import gateway.config.Settings.EngineKind;
import gateway.config.Settings.LogLevel;
import gateway.config.Settings.Profile;
import gateway.config.Settings.Rate;
import gateway.config.SupervisorKind;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Every setting there is, in the order in which help and {@code config check} print them. */
public final class Catalogue {
    private static final List<Setting<?>> ALL = new ArrayList<>();
    private static final Duration MINUTE = Duration.ofMinutes(1);

    public static final Setting<Profile> APP_PROFILE = define("APP_PROFILE", Parsers.oneOf(Profile.class))
            .label("PROFILE").fallback("development").synonym("NODE_ENV", "production"::equals)
            .help("development; production, where weak secrets are errors; or rehearsal: production with a twin").in(ALL);
    public static final Setting<LogLevel> LOG_LEVEL = define("LOG_LEVEL", Parsers.oneOf(LogLevel.class))
            .label("LEVEL").fallback("info").help("error, warn, info or debug").in(ALL);
    public static final Setting<Boolean> APP_DEBUG = define("APP_DEBUG", Parsers::flag)
            .flags("-d", "--debug").adminFlags("-d", "--debug").nature(SWITCH).label("BOOL").fallback("false").help("log as LOG_LEVEL=debug does").in(ALL);

    public static final Setting<Integer> APP_PORT = define("APP_PORT", Parsers::port)
            .flags("-p", "--port").label("PORT").fallback("3000").help("port of the REST API; 0 takes any free one").in(ALL);
    public static final Setting<InetAddress> APP_HOST = define("APP_HOST", Parsers::address)
            .flags("-H", "--host").label("ADDRESS").fallback("127.0.0.1").synonym("WHATSAPP_API_HOST", text -> true)
            .help("address the REST API listens on").in(ALL);
    public static final Setting<String> APP_BASE_PATH = define("APP_BASE_PATH", HttpParsers::basePath)
            .flags("--base-path").label("PATH").help("path before every route, such as /gateway").in(ALL);
    public static final Setting<List<BasicUser>> APP_BASIC_AUTH = define("APP_BASIC_AUTH", BasicAuthParser::parse)
            .flags("-b", "--basic-auth").nature(SECRET_LIST).label("USER:PASS").show(BasicAuthParser::mask)
            .storedAs("basic-auth").help("who may call the API; a password or its $argon2id$ hash").in(ALL);
    public static final Setting<Secret> WHATSAPP_SECRET = define("WHATSAPP_SECRET", Parsers::token)
            .nature(SECRET).show(text -> Secret.MASK).storedAs("api-token")
            .help("API token for Bearer access, 32 characters or more").in(ALL);
    public static final Setting<List<Cidr>> APP_TRUSTED_PROXY = define("APP_TRUSTED_PROXY", HttpParsers::trustedProxies)
            .flags("--trusted-proxy").adminFlags("--trusted-proxy").nature(SWITCH).label("PROXIES").fallback("false")
            .help("whose X-Forwarded-For counts: false, true (this machine) or address ranges").in(ALL);
    public static final Setting<List<String>> APP_CORS_ALLOWED_ORIGINS =
            define("APP_CORS_ALLOWED_ORIGINS", Parsers.list(HttpParsers::origin))
            .flags("--cors-allowed-origins").nature(LIST).label("ORIGINS")
            .help("web origins that browsers let call the API").in(ALL);
    public static final Setting<Rate> APP_RATE_LIMIT = define("APP_RATE_LIMIT", HttpParsers::rate).label("RATE/BURST")
            .fallback("10/20").help("requests a second and burst, for each address and each credential; or off").in(ALL);
    public static final Setting<Rate> APP_SEND_RATE_LIMIT = define("APP_SEND_RATE_LIMIT", HttpParsers::rate).label("RATE/BURST")
            .fallback("5/10, off when APP_RATE_LIMIT is", earlier -> earlier.find(APP_RATE_LIMIT)
                    .map(rate -> rate.isOff() ? "off" : "5/10"))
            .help("the same for what is under /send/, on top; or off").in(ALL);
    public static final Setting<InetAddress> APP_METRICS_HOST = define("APP_METRICS_HOST", Parsers::address)
            .label("ADDRESS").fallback("127.0.0.1").help("address of the Prometheus metrics").in(ALL);
    public static final Setting<Integer> APP_METRICS_PORT = define("APP_METRICS_PORT", Parsers::port)
            .label("PORT").fallback("APP_PORT + 10000", earlier -> earlier.find(APP_PORT)
                    .map(port -> port == 0 ? "0" : Integer.toString(port + 10_000)))
            .help("port of the Prometheus metrics").in(ALL);

    public static final Setting<Path> APP_STORAGE_DIR = define("APP_STORAGE_DIR", Parsers::path)
            .flags("--storage-dir").adminFlags("--storage-dir").label("DIR").fallback("storages").help("directory of database, media and keys").in(ALL);
    public static final Setting<Path> APP_SECURITY_LOG = define("APP_SECURITY_LOG", Parsers::path).label("FILE")
            .fallback("security.log in APP_STORAGE_DIR", earlier -> earlier.find(APP_STORAGE_DIR)
                    .map(directory -> directory.resolve("security.log").toString()))
            .help("file of the security log").in(ALL);
    public static final Setting<DatabaseSetting> DB_URI = define("DB_URI", DatabaseParser::parse)
            .flags("--db-uri").nature(SECRET).label("URI").show(DatabaseParser::mask)
            .fallback("file:APP_STORAGE_DIR/whatsapp.db", earlier -> earlier.find(APP_STORAGE_DIR).map(Catalogue::databaseIn))
            .help("file:PATH or postgresql://user:password@host:5432/name?sslmode=verify-full").in(ALL);
    public static final Setting<Boolean> APP_ACCEPT_DATABASE = define("APP_ACCEPT_DATABASE", Parsers::flag).label("BOOL").fallback("false")
            .help("true starts with a database that is empty, or older than the files beside it").in(ALL);
    public static final Setting<Secret> DB_PASSWORD = define("DB_PASSWORD", Parsers::password)
            .nature(SECRET).show(text -> Secret.MASK)
            .help("password of the user in DB_URI, as it is: nothing to percent-encode").in(ALL);

    public static final Setting<List<Secret>> WHATSAPP_ENCRYPTION_KEY = define("WHATSAPP_ENCRYPTION_KEY", Parsers.list(Parsers::key))
            .nature(SECRET_LIST).label("KEYS").show(text -> Secret.MASK).storedAs("encryption-key")
            .fallbackNote("a file in APP_STORAGE_DIR")
            .help("wraps what is kept sealed: 32 bytes in Base64; older keys after a comma").in(ALL);
    public static final Setting<Path> APP_SECRETS_DIR = define("APP_SECRETS_DIR", Parsers::path)
            .label("DIR").help("mounted secrets, one file each: basic-auth, webhook-secret, ...").in(ALL);
    public static final Setting<String> WHATSAPP_VAULT_PATH = define("WHATSAPP_VAULT_PATH", Parsers::vaultPath)
            .label("PATH").help("secrets in HashiCorp Vault's KV v2, such as secret/whatsapp; reached by VAULT_ADDR and VAULT_TOKEN, "
                    + "or VAULT_ROLE_ID and VAULT_SECRET_ID").in(ALL);
    public static final Setting<String> WHATSAPP_AWS_SECRETS = define("WHATSAPP_AWS_SECRETS", Parsers::awsPrefix)
            .label("PREFIX").help("secrets in AWS Secrets Manager, such as whatsapp for whatsapp/basic-auth; reached by AWS_REGION").in(ALL);
    public static final Setting<Duration> WHATSAPP_SECRETS_REFRESH =
            define("WHATSAPP_SECRETS_REFRESH", Parsers.duration(Duration.ofHours(1)))
            .label("DURATION").fallback("5m").help("how often Vault or AWS is asked again").in(ALL);

    public static final Setting<EngineKind> WHATSAPP_ENGINE = define("WHATSAPP_ENGINE", Parsers.oneOf(EngineKind.class))
            .flags("--engine").label("ENGINE").fallback("sandbox")
            .help("sandbox: a simulated WhatsApp, nothing leaves this machine; web: a linked device").in(ALL);
    public static final Setting<URI> WHATSAPP_WEB_URL = define("WHATSAPP_WEB_URL", TwinAddress::parse)
            .label("URL").help("a twin of WhatsApp's servers on this machine, ws://127.0.0.1:9399/ws/chat; never in production").in(ALL);
    public static final Setting<String> WHATSAPP_WEB_ROOT_KEY = define("WHATSAPP_WEB_ROOT_KEY", Parsers::rootKey)
            .label("HEX").help("the twin's root key, 64 hexadecimal digits").in(ALL);
    public static final Setting<String> APP_OS = define("APP_OS", Parsers.text(64))
            .flags("--os").label("NAME").fallback("Chrome").help("name of the linked device on the phone").in(ALL);
    public static final Setting<Boolean> WHATSAPP_ACCOUNT_VALIDATION = define("WHATSAPP_ACCOUNT_VALIDATION", Parsers::flag)
            .flags("--account-validation").nature(SWITCH).label("BOOL").fallback("true")
            .help("look a number up on WhatsApp before using it").in(ALL);
    public static final Setting<String> WHATSAPP_AUTO_REPLY = define("WHATSAPP_AUTO_REPLY", Parsers.text(4096))
            .flags("--autoreply").label("TEXT").help("answer to every incoming personal message").in(ALL);
    public static final Setting<Boolean> WHATSAPP_AUTO_MARK_READ = define("WHATSAPP_AUTO_MARK_READ", Parsers::flag)
            .flags("--auto-mark-read").nature(SWITCH).label("BOOL").fallback("false")
            .help("mark incoming messages as read").in(ALL);
    public static final Setting<Boolean> WHATSAPP_AUTO_DOWNLOAD_MEDIA = define("WHATSAPP_AUTO_DOWNLOAD_MEDIA", Parsers::flag)
            .flags("--auto-download-media").nature(SWITCH).label("BOOL").fallback("true").help("fetch incoming media").in(ALL);
    public static final Setting<Boolean> WHATSAPP_AUTO_REJECT_CALL = define("WHATSAPP_AUTO_REJECT_CALL", Parsers::flag)
            .flags("--auto-reject-call").nature(SWITCH).label("BOOL").fallback("false").help("reject incoming calls").in(ALL);
    public static final Setting<Boolean> WHATSAPP_CHAT_STORAGE = define("WHATSAPP_CHAT_STORAGE", Parsers::flag)
            .flags("--chat-storage").nature(SWITCH).label("BOOL").fallback("true").help("keep chats and messages").in(ALL);
    public static final Setting<Boolean> WHATSAPP_STRICT_VALIDATION = define("WHATSAPP_STRICT_VALIDATION", Parsers::flag)
            .label("BOOL").fallback("true").help("false tolerates in requests what the original tolerates").in(ALL);

    public static final Setting<Boolean> WHATSAPP_DOWNLOAD_ALLOW_HTTP = define("WHATSAPP_DOWNLOAD_ALLOW_HTTP", Parsers::flag)
            .label("BOOL").fallback("false").help("let image_url and the like name http:// addresses").in(ALL);
    public static final Setting<List<Cidr>> WHATSAPP_DOWNLOAD_ALLOW_CIDRS =
            define("WHATSAPP_DOWNLOAD_ALLOW_CIDRS", Parsers.list(Parsers::cidr))
            .nature(LIST).label("RANGES").help("private address ranges that image_url and the like may name").in(ALL);

    public static final Setting<List<URI>> WHATSAPP_WEBHOOK = define("WHATSAPP_WEBHOOK", Parsers.list(WebhookParsers::url))
            .flags("-w", "--webhook").nature(LIST).label("URL").show(WebhookParsers::maskUrls)
            .help("where events are posted").in(ALL);
    public static final Setting<Secret> WHATSAPP_WEBHOOK_SECRET = define("WHATSAPP_WEBHOOK_SECRET", WebhookParsers::secret)
            .flags("--webhook-secret").nature(SECRET).label("SECRET").show(text -> Secret.MASK).storedAs("webhook-secret")
            .help("key of X-Hub-Signature-256, 32 characters or more").in(ALL);
    public static final Setting<Set<String>> WHATSAPP_WEBHOOK_EVENTS = define("WHATSAPP_WEBHOOK_EVENTS", WebhookParsers::events)
            .flags("--webhook-events").nature(LIST).label("EVENTS").help("events to post; all when absent").in(ALL);
    public static final Setting<List<String>> WHATSAPP_WEBHOOK_IGNORE_JIDS =
            define("WHATSAPP_WEBHOOK_IGNORE_JIDS", Parsers.list(WebhookParsers::jid))
            .flags("--webhook-ignore-jids").nature(LIST).label("JIDS")
            .help("chats whose events are not posted; @g.us is every group").in(ALL);
    public static final Setting<Dialect> WHATSAPP_WEBHOOK_DIALECT = define("WHATSAPP_WEBHOOK_DIALECT", Parsers.oneOf(Dialect.class))
            .label("DIALECT").fallback("v7").help("v7 or v8: the shape of the posted JSON").in(ALL);
    public static final Setting<Boolean> WHATSAPP_WEBHOOK_ALLOW_HTTP = define("WHATSAPP_WEBHOOK_ALLOW_HTTP", Parsers::flag)
            .label("BOOL").fallback("false").help("let webhooks go to http:// URLs").in(ALL);
    public static final Setting<List<Cidr>> WHATSAPP_WEBHOOK_ALLOW_CIDRS =
            define("WHATSAPP_WEBHOOK_ALLOW_CIDRS", Parsers.list(Parsers::cidr))
            .nature(LIST).label("RANGES").help("private address ranges that webhooks may reach").in(ALL);
    public static final Setting<Boolean> WHATSAPP_WEBHOOK_INSECURE_SKIP_VERIFY =
            define("WHATSAPP_WEBHOOK_INSECURE_SKIP_VERIFY", WebhookParsers::neverSkipVerify)
            .flags("--webhook-insecure-skip-verify").nature(SWITCH).label("BOOL").fallback("false")
            .help("refused: receivers' certificates are always verified").in(ALL);

    public static final Setting<Duration> WHATSAPP_SEND_WAIT = define("WHATSAPP_SEND_WAIT", Parsers.duration(MINUTE))
            .label("DURATION").fallback("10s").help("how long a reply to a send waits for WhatsApp").in(ALL);
    public static final Setting<Duration> WHATSAPP_PACING_CHAT_DELAY =
            define("WHATSAPP_PACING_CHAT_DELAY", Parsers.duration(Duration.ofHours(1)))
            .label("DURATION").fallback("0s").help("least time between two messages to one chat").in(ALL);
    public static final Setting<Duration> WHATSAPP_PACING_CHAT_JITTER =
            define("WHATSAPP_PACING_CHAT_JITTER", Parsers.duration(Duration.ofHours(1)))
            .label("DURATION").fallback("0s").help("random time of up to this much added to that").in(ALL);
    public static final Setting<Integer> WHATSAPP_PACING_DAILY_CAP = define("WHATSAPP_PACING_DAILY_CAP", Parsers.count(0, 1_000_000))
            .label("COUNT").fallback("0").help("messages a day in all; 0 is no limit").in(ALL);

    public static final Setting<Long> WHATSAPP_SETTING_MAX_IMAGE_SIZE = size("IMAGE", "20000000");
    public static final Setting<Long> WHATSAPP_SETTING_MAX_FILE_SIZE = size("FILE", "50000000");
    public static final Setting<Long> WHATSAPP_SETTING_MAX_VIDEO_SIZE = size("VIDEO", "100000000");
    public static final Setting<Long> WHATSAPP_SETTING_MAX_AUDIO_SIZE = size("AUDIO", "16000000");
    public static final Setting<Long> WHATSAPP_SETTING_MAX_DOWNLOAD_SIZE = size("DOWNLOAD", "500000000");

    public static final Setting<Secret> ADMIN_TOKEN = define("ADMIN_TOKEN", Parsers::token)
            .nature(SECRET).show(text -> Secret.MASK).help("Bearer token of the Admin API, 32 characters or more").in(ALL);
    public static final Setting<InetAddress> ADMIN_HOST = define("ADMIN_HOST", Parsers::address)
            .adminFlags("-H", "--host").label("ADDRESS").fallback("127.0.0.1").help("address the Admin API listens on").in(ALL);
    public static final Setting<Integer> ADMIN_PORT = define("ADMIN_PORT", Parsers::port)
            .adminFlags("-p", "--port").label("PORT").fallback("8088").help("port of the Admin API").in(ALL);
    public static final Setting<Integer> ADMIN_METRICS_PORT = define("ADMIN_METRICS_PORT", Parsers::port)
            .label("PORT").fallback("ADMIN_PORT + 10000", earlier -> earlier.find(ADMIN_PORT)
                    .map(port -> port == 0 ? "0" : Integer.toString(port + 10_000)))
            .help("port of the Admin API's Prometheus metrics, at APP_METRICS_HOST").in(ALL);
    public static final Setting<SupervisorKind> ADMIN_SUPERVISOR = define("ADMIN_SUPERVISOR", Parsers.oneOf(SupervisorKind.class))
            .adminFlags("--supervisor").label("WHO").fallback("process")
            .help("who runs the instances: process (this program) or systemd (whatsapp@PORT.service)").in(ALL);

    private Catalogue() {
    }

    /** All settings; a setting's default depends on earlier ones only. */
    public static List<Setting<?>> all() {
        return Collections.unmodifiableList(ALL);
    }

    private static Setting<Long> size(String kind, String bytes) {
        return define("WHATSAPP_SETTING_MAX_" + kind + "_SIZE", Parsers::size).label("BYTES").fallback(bytes)
                .help("largest " + kind.toLowerCase(java.util.Locale.ROOT) + "; bytes, or with KB, MB, GB").in(ALL);
    }

    private static String databaseIn(Path directory) {
        return "file:" + directory.resolve("whatsapp.db").toString()
                .replace("%", "%25").replace("?", "%3F").replace("#", "%23");
    }
}
