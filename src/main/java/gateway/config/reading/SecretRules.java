package gateway.config.reading;

import static gateway.config.catalogue.AdminSettings.*;
import static gateway.config.catalogue.HttpSettings.*;
import static gateway.config.catalogue.SecretSettings.*;
import static gateway.config.catalogue.StorageSettings.*;
import static gateway.config.catalogue.WebhookSettings.*;

import java.util.List;
import java.util.Optional;

import gateway.config.BasicUser;
import gateway.config.DatabaseSetting.Postgres;
import gateway.config.Origin;
import gateway.config.PrintedSecrets;
import gateway.config.Secret;
import gateway.config.catalogue.Setting;
import gateway.config.catalogue.Values;
import gateway.config.source.SecretFiles;

/** What a secret must be: long enough, known to nobody else, and not where others see it. */
final class SecretRules {
    /** Guide, "Best Practices" of Basic Authentication. */
    private static final int MIN_PASSWORD = 20;
    /** Half of the 64 hexadecimal digits that the guide generates; 128 bits. */
    private static final int MIN_SIGNING_SECRET = 32;

    private final Values values;
    private final Objections objections;

    SecretRules(Values values, Objections objections) {
        this.values = values;
        this.objections = objections;
    }

    /** The secrets that only the server of the messages has. */
    void ofServer() {
        passwords();
        argv();
        signing();
    }

    /** The secrets of the server and of the administration alike. */
    void ofEither() {
        tokens();
        printed();
    }

    private void passwords() {
        var setting = APP_BASIC_AUTH;
        boolean plain = false;
        for (var user : values.find(setting).orElse(List.of())) {
            if (user.password() instanceof BasicUser.Plain(Secret password)) {
                plain = true;
                if (password.length() < MIN_PASSWORD) {
                    objections.weak(
                            setting,
                            "has a password of fewer than " + MIN_PASSWORD + " characters for user " + user.name(),
                            "use one made by `openssl rand -base64 32`");
                }
            }
        }
        if (plain && values.origin(setting).kind() == Origin.Kind.ENVIRONMENT) {
            objections.warning(
                    setting,
                    "holds a password in clear, readable in /proc/PID/environ and by every child process",
                    "use APP_BASIC_AUTH_FILE, a systemd credential or an $argon2id$ hash");
        }
    }

    private void argv() {
        for (var setting : List.of(APP_BASIC_AUTH, WHATSAPP_WEBHOOK_SECRET)) {
            if (onArgv(setting)) {
                seenInPs(setting);
            }
        }
        if (onArgv(DB_URI)
                && values.find(DB_URI).orElse(null) instanceof Postgres database
                && database.password().isPresent()) {
            seenInPs(DB_URI);
        }
    }

    private boolean onArgv(Setting<?> setting) {
        return values.origin(setting).kind() == Origin.Kind.FLAG;
    }

    private void seenInPs(Setting<?> setting) {
        objections.warning(
                setting,
                "holds a secret on the command line, which every user of this machine sees in ps",
                "use " + SecretFiles.pointer(setting) + ", a systemd credential or .env");
    }

    private void tokens() {
        var admin = values.find(ADMIN_TOKEN);
        if (admin.isPresent() && admin.equals(values.find(WHATSAPP_SECRET))) {
            objections.error(
                    ADMIN_TOKEN,
                    "is the same as WHATSAPP_SECRET, so every API client could administer",
                    "set another one made by `openssl rand -hex 32`");
        }
    }

    private void signing() {
        var setting = WHATSAPP_WEBHOOK_SECRET;
        values.find(setting)
                .filter(secret -> secret.length() < MIN_SIGNING_SECRET)
                .ifPresent(secret -> objections.weak(
                        setting,
                        "has fewer than " + MIN_SIGNING_SECRET + " characters",
                        "use one made by `openssl rand -hex 32`"));
    }

    /** Secrets that everybody can know, each named with its setting. */
    private void printed() {
        for (var setting : List.of(WHATSAPP_SECRET, WHATSAPP_WEBHOOK_SECRET, ADMIN_TOKEN, DB_PASSWORD)) {
            values.find(setting)
                    .filter(secret -> setting != WHATSAPP_WEBHOOK_SECRET || secret.length() >= MIN_SIGNING_SECRET)
                    .flatMap(secret -> PrintedSecrets.objection(secret.reveal()))
                    .ifPresent(objection -> known(setting, objection));
        }
        for (var key : values.find(WHATSAPP_ENCRYPTION_KEY).orElse(List.of())) {
            PrintedSecrets.keyObjection(key.reveal())
                    .ifPresent(objection -> known(WHATSAPP_ENCRYPTION_KEY, "has a key that " + objection));
        }
        if (values.find(DB_URI).orElse(null) instanceof Postgres database) {
            database.password()
                    .flatMap(secret -> PrintedSecrets.objection(secret.reveal()))
                    .ifPresent(objection -> known(DB_URI, "has a password that " + objection));
        }
        for (var user : values.find(APP_BASIC_AUTH).orElse(List.of())) {
            if (user.password() instanceof BasicUser.Plain(Secret password)) {
                Optional.of(password.reveal())
                        .filter(text -> text.length() >= MIN_PASSWORD)
                        .flatMap(PrintedSecrets::objection)
                        .ifPresent(objection ->
                                known(APP_BASIC_AUTH, "has a password for user " + user.name() + " that " + objection));
            }
        }
    }

    private void known(Setting<?> setting, String what) {
        objections.weak(
                setting,
                what,
                setting == WHATSAPP_ENCRYPTION_KEY || setting == APP_BASIC_AUTH
                        ? "use one made by `openssl rand -base64 32`"
                        : "use one made by `openssl rand -hex 32`");
    }
}
