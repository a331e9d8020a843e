package gateway.config;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import gateway.config.catalogue.Catalogue;

/**
 * Everything the gateway was told, validated as a whole, grouped by who uses it. Immutable: a reload builds another.
 * What each part means and how its text is written stands in {@link Catalogue}.
 */
public record Settings(
        Profile profile,
        Http http,
        Auth auth,
        Api api,
        Storage storage,
        Webhook webhook,
        WhatsApp whatsApp,
        Sending sending,
        Limits limits,
        Metrics metrics,
        Admin admin,
        Sealing sealing,
        BackupPlan backup,
        LogLevel logLevel) {

    public Settings withAuth(Auth other) {
        return new Settings(
                profile, http, other, api, storage, webhook, whatsApp, sending, limits, metrics, admin, sealing, backup,
                logLevel);
    }

    public Settings withAdminToken(Secret token) {
        return new Settings(
                profile,
                http,
                auth,
                api,
                storage,
                webhook,
                whatsApp,
                sending,
                limits,
                metrics,
                new Admin(admin.host(), admin.port(), admin.metricsPort(), admin.supervisor(), Optional.of(token)),
                sealing,
                backup,
                logLevel);
    }

    public Settings withWebhookSecret(Secret secret) {
        var other = new Webhook(
                webhook.urls(),
                webhook.probes(),
                Optional.of(secret),
                webhook.events(),
                webhook.ignoreJids(),
                webhook.dialect(),
                webhook.allowHttp(),
                webhook.allowedCidrs());
        return new Settings(
                profile, http, auth, api, storage, other, whatsApp, sending, limits, metrics, admin, sealing, backup,
                logLevel);
    }

    public Settings withDatabasePassword(Secret password) {
        if (!(storage.database() instanceof DatabaseSetting.Postgres server)) {
            return this;
        }
        var other = new Storage(
                storage.directory(),
                new DatabaseSetting.Postgres(
                        server.host(),
                        server.port(),
                        server.name(),
                        server.user(),
                        Optional.of(password),
                        server.tls(),
                        server.rootCertificate()),
                storage.securityLog(),
                storage.reports(),
                storage.acceptDatabase());
        return new Settings(
                profile, http, auth, api, other, webhook, whatsApp, sending, limits, metrics, admin, sealing, backup,
                logLevel);
    }

    /**
     * How strict the gateway is. No code asks for a profile by its name, but for what the profile demands or allows.
     */
    public enum Profile {
        DEVELOPMENT,
        PRODUCTION,
        /** Production, but a twin of WhatsApp's servers on this machine may replace WhatsApp: for drills and upgrades. */
        REHEARSAL;

        /** Whether every rule of production holds: weak secrets, for example, are errors instead of warnings. */
        public boolean holdsProductionRules() {
            return this != DEVELOPMENT;
        }

        /** Whether an engine may be pointed at a twin on a loopback address. */
        public boolean allowsTwin() {
            return this != PRODUCTION;
        }

        /** Whether every place that shows the profile to people must say that WhatsApp may be a twin. */
        public boolean isRehearsal() {
            return this == REHEARSAL;
        }

        /** The profile as the setting and the replies write it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How much is logged. */
    public enum LogLevel {
        ERROR,
        WARN,
        INFO,
        DEBUG
    }

    /** The shape of a webhook's JSON. */
    public enum Dialect {
        V7,
        V8
    }

    /** Which implementation speaks to WhatsApp. */
    public enum EngineKind {
        SANDBOX,
        WEB
    }

    /**
     * The REST listener.
     *
     * @param port           0–65535; 0 takes any free port
     * @param basePath       empty, or {@code /segments} without a trailing slash
     * @param publicUrl      where clients reach the gateway, without the base path; empty means where the request came
     * @param trustedProxies whose {@code X-Forwarded-For} is believed; empty means nobody's
     * @param corsOrigins    exact origins ({@code https://app.example.com}); empty means CORS is off
     * @param rate           for every path, each address and each credential
     * @param sendRate       for what is under {@code /send/}, on top
     */
    public record Http(
            InetAddress host,
            int port,
            String basePath,
            Optional<URI> publicUrl,
            List<Cidr> trustedProxies,
            List<String> corsOrigins,
            Rate rate,
            Rate sendRate) {}

    /**
     * So many requests a second, and a burst on top (guide, Rate Limiting).
     *
     * @param perSecond 1–1,000,000; 0 is no limit
     */
    public record Rate(int perSecond, int burst) {
        public boolean isOff() {
            return perSecond == 0;
        }
    }

    /**
     * Who may call the API. Both empty only when the listener is on loopback and the rules of production do not hold.
     *
     * @param users    names are unique
     * @param apiToken the second guide's {@code WHATSAPP_SECRET}, at least 32 characters
     */
    public record Auth(List<BasicUser> users, Optional<Secret> apiToken) {

        /** Whether no credential at all was configured. */
        public boolean isEmpty() {
            return users.isEmpty() && apiToken.isEmpty();
        }
    }

    /**
     * How requests are judged.
     *
     * @param strict            false tolerates what the original tolerates in request bodies
     * @param accountValidation whether a number is looked up on WhatsApp before it is used
     */
    public record Api(boolean strict, boolean accountValidation, Downloads downloads) {}

    /**
     * Where files may come from that a client names by a URL ({@code image_url} and the like).
     *
     * @param allowedCidrs private or loopback ranges that may be asked all the same
     */
    public record Downloads(boolean allowHttp, List<Cidr> allowedCidrs) {}

    /**
     * Where things are kept.
     *
     * @param directory   holds databases, media and keys; mode 0700
     * @param securityLog the security log's file; its directory exists
     * @param reports     directory of the kept reports of the checklist
     * @param acceptDatabase whether a database that is empty or older than what lies beside it is taken as it is
     */
    public record Storage(
            Path directory, DatabaseSetting database, Path securityLog, Path reports, boolean acceptDatabase) {}

    /**
     * Where events are posted.
     *
     * @param urls         absolute; https, or http when {@code allowHttp}
     * @param probes       those of the URLs, on loopback, that take events which {@code whatsapp check} makes
     * @param secret       present whenever {@code urls} is not empty
     * @param events       lower-case names; empty means all
     * @param ignoreJids   full addresses, or {@code @server} for everybody there
     * @param allowedCidrs private or loopback ranges that may be posted to all the same
     */
    public record Webhook(
            List<URI> urls,
            List<URI> probes,
            Optional<Secret> secret,
            Set<String> events,
            List<String> ignoreJids,
            Dialect dialect,
            boolean allowHttp,
            List<Cidr> allowedCidrs) {}

    /**
     * The account's behaviour.
     *
     * @param deviceName      how the linked device is called on the phone
     * @param autoReply       the text that answers every incoming personal message
     * @param keepChats whether the text of messages stays after it was handed over ({@code WHATSAPP_CHAT_STORAGE})
     */
    public record WhatsApp(
            EngineKind engine,
            Twin twin,
            WebClient webClient,
            String deviceName,
            Optional<String> autoReply,
            boolean autoMarkRead,
            boolean autoDownloadMedia,
            boolean autoRejectCall,
            boolean keepChats) {}

    /** Servers that stand in for WhatsApp's own, on loopback: their address, and their root key in hexadecimal. */
    public record Twin(Optional<URI> url, Optional<String> rootKey) {}

    /**
     * How messages go out.
     *
     * @param replyWait  how long a send's reply waits for the engine, 0–60 s
     * @param chatDelay  the least time between two messages to one chat; zero is off
     * @param chatJitter a random extra of at most this long; zero is none
     * @param dailyCap   messages a day in all chats together; empty is unlimited
     * @param newChats   how many chats an account may begin
     */
    public record Sending(
            Duration replyWait,
            Duration chatDelay,
            Duration chatJitter,
            Optional<Integer> dailyCap,
            NewChatLimits newChats) {}

    /** Largest sizes in bytes. */
    public record Limits(long image, long file, long video, long audio, long download) {}

    /** The Prometheus listener; it asks for no credential. Port 0 takes any free one. */
    public record Metrics(InetAddress host, int port) {}

    /**
     * The Admin API's listener and that of its metrics.
     *
     * @param token 32 characters or more; there whenever the settings were read for {@link Role#ADMIN}
     */
    public record Admin(
            InetAddress host, int port, int metricsPort, SupervisorKind supervisor, Optional<Secret> token) {}

    /**
     * How secrets are kept and followed.
     *
     * @param keys key-encryption keys, 32 bytes in Base64, the first in use; empty means a file in the storage
     *     directory
     * @param refresh how often a remote secret store is asked again
     */
    public record Sealing(List<Secret> keys, Duration refresh) {}
}
