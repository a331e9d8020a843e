package gateway.config.reading;

import static gateway.config.catalogue.AdminSettings.*;
import static gateway.config.catalogue.BackupSettings.*;
import static gateway.config.catalogue.GeneralSettings.*;
import static gateway.config.catalogue.HttpSettings.*;
import static gateway.config.catalogue.SecretSettings.*;
import static gateway.config.catalogue.SendingSettings.*;
import static gateway.config.catalogue.StorageSettings.*;
import static gateway.config.catalogue.WebhookSettings.*;
import static gateway.config.catalogue.WhatsAppSettings.*;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import gateway.config.BackupPlan;
import gateway.config.DatabaseSetting;
import gateway.config.DatabaseSetting.Postgres;
import gateway.config.DatabaseSetting.Sqlite;
import gateway.config.NewChatLimits;
import gateway.config.Settings;
import gateway.config.Settings.LogLevel;
import gateway.config.WebClient;
import gateway.config.catalogue.Values;

/** Puts values that passed every check into the records of {@link Settings}. */
final class Assembly {
    private final Values values;
    private final Path directory;

    Assembly(Values values, Path directory) {
        this.values = values;
        this.directory = directory;
    }

    Settings settings() {
        return new Settings(
                values.get(APP_PROFILE),
                http(),
                auth(),
                new Settings.Api(
                        values.get(WHATSAPP_STRICT_VALIDATION),
                        values.get(WHATSAPP_ACCOUNT_VALIDATION),
                        new Settings.Downloads(
                                values.get(WHATSAPP_DOWNLOAD_ALLOW_HTTP),
                                values.find(WHATSAPP_DOWNLOAD_ALLOW_CIDRS).orElse(List.of()))),
                new Settings.Storage(
                        directory.resolve(values.get(APP_STORAGE_DIR)),
                        database(),
                        directory.resolve(values.get(APP_SECURITY_LOG)),
                        directory.resolve(values.get(APP_CHECK_REPORTS)),
                        values.get(APP_ACCEPT_DATABASE)),
                webhook(),
                whatsApp(),
                sending(),
                limits(),
                new Settings.Metrics(values.get(APP_METRICS_HOST), values.get(APP_METRICS_PORT)),
                new Settings.Admin(
                        values.get(ADMIN_HOST),
                        values.get(ADMIN_PORT),
                        values.get(ADMIN_METRICS_PORT),
                        values.get(ADMIN_SUPERVISOR),
                        values.find(ADMIN_TOKEN)),
                new Settings.Sealing(
                        values.find(WHATSAPP_ENCRYPTION_KEY).orElse(List.of()), values.get(WHATSAPP_SECRETS_REFRESH)),
                backup(),
                values.get(APP_DEBUG) ? LogLevel.DEBUG : values.get(LOG_LEVEL));
    }

    private Settings.Http http() {
        return new Settings.Http(
                values.get(APP_HOST),
                values.get(APP_PORT),
                values.find(APP_BASE_PATH).orElse(""),
                values.find(APP_PUBLIC_URL),
                values.get(APP_TRUSTED_PROXY),
                values.find(APP_CORS_ALLOWED_ORIGINS).orElse(List.of()),
                values.get(APP_RATE_LIMIT),
                values.get(APP_SEND_RATE_LIMIT));
    }

    private Settings.Auth auth() {
        return new Settings.Auth(values.find(APP_BASIC_AUTH).orElse(List.of()), values.find(WHATSAPP_SECRET));
    }

    private DatabaseSetting database() {
        // No pattern switch: its bootstrap costs every start 14 ms, and no class archive holds its result.
        if (values.get(DB_URI) instanceof Postgres server) {
            return new Postgres(
                    server.host(),
                    server.port(),
                    server.name(),
                    server.user(),
                    values.find(DB_PASSWORD).or(server::password),
                    server.tls(),
                    server.rootCertificate().map(directory::resolve));
        }
        var sqlite = (Sqlite) values.get(DB_URI);
        return new Sqlite(directory.resolve(sqlite.file()), sqlite.busyTimeout());
    }

    private Settings.Webhook webhook() {
        return new Settings.Webhook(
                values.find(WHATSAPP_WEBHOOK).orElse(List.of()),
                values.find(WHATSAPP_WEBHOOK_PROBES).orElse(List.of()),
                values.find(WHATSAPP_WEBHOOK_SECRET),
                values.find(WHATSAPP_WEBHOOK_EVENTS).orElse(Set.of()),
                values.find(WHATSAPP_WEBHOOK_IGNORE_JIDS).orElse(List.of()),
                values.get(WHATSAPP_WEBHOOK_DIALECT),
                values.get(WHATSAPP_WEBHOOK_ALLOW_HTTP),
                values.find(WHATSAPP_WEBHOOK_ALLOW_CIDRS).orElse(List.of()));
    }

    private Settings.WhatsApp whatsApp() {
        return new Settings.WhatsApp(
                values.get(WHATSAPP_ENGINE),
                new Settings.Twin(values.find(WHATSAPP_WEB_URL), values.find(WHATSAPP_WEB_ROOT_KEY)),
                new WebClient(
                        values.find(WHATSAPP_WEB_VERSION),
                        values.find(WHATSAPP_PROXY),
                        values.find(WHATSAPP_PROXY_ALLOW_CIDRS).orElse(List.of())),
                values.get(APP_OS),
                values.find(WHATSAPP_AUTO_REPLY),
                values.get(WHATSAPP_AUTO_MARK_READ),
                values.get(WHATSAPP_AUTO_DOWNLOAD_MEDIA),
                values.get(WHATSAPP_AUTO_REJECT_CALL),
                values.get(WHATSAPP_CHAT_STORAGE));
    }

    private Settings.Sending sending() {
        return new Settings.Sending(
                values.get(WHATSAPP_SEND_WAIT),
                values.get(WHATSAPP_PACING_CHAT_DELAY),
                values.get(WHATSAPP_PACING_CHAT_JITTER),
                values.find(WHATSAPP_PACING_DAILY_CAP).filter(cap -> cap > 0),
                new NewChatLimits(
                        values.get(WHATSAPP_PACING_NEW_CHATS_HOUR),
                        values.get(WHATSAPP_PACING_NEW_CHATS_DAY),
                        values.get(WHATSAPP_PACING_RESTRICTED_PAUSE)));
    }

    private BackupPlan backup() {
        return new BackupPlan(
                values.find(WHATSAPP_BACKUP_DIRECTORY).map(directory::resolve),
                values.find(WHATSAPP_BACKUP_COPIES).orElse(List.of()),
                values.find(WHATSAPP_BACKUP_RECIPIENTS).orElse(List.of()).stream()
                        .map(directory::resolve)
                        .toList(),
                values.get(WHATSAPP_BACKUP_KEEP_LAST),
                values.get(WHATSAPP_BACKUP_KEEP_DAILY),
                values.get(WHATSAPP_BACKUP_KEEP_WEEKLY),
                values.get(WHATSAPP_BACKUP_KEEP_MONTHLY),
                values.get(WHATSAPP_BACKUP_FULL_HOUR),
                values.find(WHATSAPP_BACKUP_METRICS).map(directory::resolve),
                values.find(WHATSAPP_BACKUP_WAIVED));
    }

    private Settings.Limits limits() {
        return new Settings.Limits(
                values.get(WHATSAPP_SETTING_MAX_IMAGE_SIZE),
                values.get(WHATSAPP_SETTING_MAX_FILE_SIZE),
                values.get(WHATSAPP_SETTING_MAX_VIDEO_SIZE),
                values.get(WHATSAPP_SETTING_MAX_AUDIO_SIZE),
                values.get(WHATSAPP_SETTING_MAX_DOWNLOAD_SIZE));
    }
}
