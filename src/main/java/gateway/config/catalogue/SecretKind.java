package gateway.config.catalogue;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

import gateway.config.BasicUser;
import gateway.config.DatabaseSetting;
import gateway.config.Secret;
import gateway.config.Settings;

/** The secrets that can be rotated, as {@code whatsapp rotate} and the metrics' label name them. */
public enum SecretKind {
    BASIC_AUTH(
            HttpSettings.APP_BASIC_AUTH,
            settings -> Optional.of(settings.auth().users())
                    .filter(users -> !users.isEmpty())
                    .map(BasicUser::text)),
    API_TOKEN(HttpSettings.WHATSAPP_SECRET, settings -> settings.auth().apiToken()),
    ADMIN_TOKEN(AdminSettings.ADMIN_TOKEN, settings -> settings.admin().token()),
    WEBHOOK_SECRET(
            WebhookSettings.WHATSAPP_WEBHOOK_SECRET,
            settings -> settings.webhook().secret()),
    DB_PASSWORD(
            StorageSettings.DB_PASSWORD,
            settings -> settings.storage().database() instanceof DatabaseSetting.Postgres server
                    ? server.password()
                    : Optional.empty()),
    ENCRYPTION_KEY(
            SecretSettings.WHATSAPP_ENCRYPTION_KEY,
            settings -> Optional.of(settings.sealing().keys())
                    .filter(keys -> !keys.isEmpty())
                    .map(keys -> new Secret(keys.stream().map(Secret::reveal).collect(Collectors.joining(",")))));

    private final Setting<?> setting;
    private final Function<Settings, Optional<Secret>> value;

    SecretKind(Setting<?> setting, Function<Settings, Optional<Secret>> value) {
        this.setting = setting;
        this.value = value;
    }

    /** {@code basic-auth}. */
    public String label() {
        return setting.storeName();
    }

    public Setting<?> setting() {
        return setting;
    }

    /** The setting's name: {@code APP_BASIC_AUTH}. */
    public String settingName() {
        return setting.name();
    }

    /** The secret in these settings, as its source would hold it; empty when there is none. */
    public Optional<Secret> in(Settings settings) {
        return value.apply(settings);
    }

    /** These settings with another value of this secret, in the form that {@link #in} gives. */
    public Settings with(Settings settings, Secret value) {
        return switch (this) {
            case BASIC_AUTH ->
                settings.withAuth(new Settings.Auth(
                        BasicAuthParser.read(value), settings.auth().apiToken()));
            case API_TOKEN ->
                settings.withAuth(new Settings.Auth(settings.auth().users(), Optional.of(value)));
            case ADMIN_TOKEN -> settings.withAdminToken(value);
            case WEBHOOK_SECRET -> settings.withWebhookSecret(value);
            case DB_PASSWORD -> settings.withDatabasePassword(value);
            case ENCRYPTION_KEY ->
                throw new IllegalArgumentException("The key that opens the ledger cannot stand in it.");
        };
    }

    public static Optional<SecretKind> named(String label) {
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(label))
                .findFirst();
    }
}
