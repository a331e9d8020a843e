package gateway.config.reading;

import static gateway.config.catalogue.AdminSettings.*;
import static gateway.config.catalogue.GeneralSettings.*;
import static gateway.config.catalogue.HttpSettings.*;
import static gateway.config.catalogue.SecretSettings.*;
import static gateway.config.catalogue.StorageSettings.*;
import static gateway.config.catalogue.WebhookSettings.*;
import static gateway.config.catalogue.WhatsAppSettings.*;

import gateway.config.BasicUser;
import gateway.config.DatabaseSetting.Postgres;
import gateway.config.Origin;
import gateway.config.PrintedSecrets;
import gateway.config.SettingProblem;
import gateway.config.Role;
import gateway.config.Secret;
import gateway.config.Settings.EngineKind;
import gateway.config.Settings.Profile;
import gateway.config.catalogue.Setting;
import gateway.config.catalogue.Values;
import gateway.config.source.SecretFiles;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What several settings must satisfy together. A rule is silent about settings whose own text is already wrong. */
final class Rules {
    /** Guide, "Best Practices" of Basic Authentication. */
    private static final int MIN_PASSWORD = 20;
    /** Half of the 64 hexadecimal digits that the guide generates; 128 bits. */
    private static final int MIN_SIGNING_SECRET = 32;

    private final Values values;
    private final Path directory;
    private final boolean production;
    private final boolean twin;
    private final List<SettingProblem> errors = new ArrayList<>();
    private final List<SettingProblem> warnings = new ArrayList<>();

    Rules(Values values, Path directory) {
        this.values = values;
        this.directory = directory;
        var profile = values.find(APP_PROFILE);
        this.production = profile.filter(Profile::holdsProductionRules).isPresent();
        // A profile that is not understood allows nothing.
        this.twin = profile.filter(Profile::allowsTwin).isPresent();
    }

    List<SettingProblem> errors() {
        return errors;
    }

    List<SettingProblem> warnings() {
        return warnings;
    }

    void apply(Role role) {
        if (role == Role.ADMIN) {
            adminApi();
        } else {
            someCredential();
            passwords();
            argv();
            webhook();
            ports();
            exposure();
            certificate();
            twin();
        }
        tokens();
        printed();
        if (values.find(APP_ACCEPT_DATABASE).orElse(false)) {
            warning(APP_ACCEPT_DATABASE, "lets a lost database go unnoticed", "remove it once the gateway has started");
        }
    }

    /** Secrets that everybody can know, each named with its setting. */
    private void printed() {
        for (var setting : List.of(WHATSAPP_SECRET, WHATSAPP_WEBHOOK_SECRET, ADMIN_TOKEN, DB_PASSWORD)) {
            values.find(setting)
                    .filter(secret -> setting != WHATSAPP_WEBHOOK_SECRET || secret.length() >= MIN_SIGNING_SECRET)
                    .flatMap(secret -> PrintedSecrets.objection(secret.reveal())).ifPresent(objection -> known(setting, objection));
        }
        for (var key : values.find(WHATSAPP_ENCRYPTION_KEY).orElse(List.of())) {
            PrintedSecrets.keyObjection(key.reveal()).ifPresent(objection -> known(WHATSAPP_ENCRYPTION_KEY, "has a key that " + objection));
        }
        if (values.find(DB_URI).orElse(null) instanceof Postgres database) {
            database.password().flatMap(secret -> PrintedSecrets.objection(secret.reveal()))
                    .ifPresent(objection -> known(DB_URI, "has a password that " + objection));
        }
        for (var user : values.find(APP_BASIC_AUTH).orElse(List.of())) {
            if (user.password() instanceof BasicUser.Plain(Secret password)) {
                Optional.of(password.reveal()).filter(text -> text.length() >= MIN_PASSWORD).flatMap(PrintedSecrets::objection).ifPresent(objection ->
                        known(APP_BASIC_AUTH, "has a password for user " + user.name() + " that " + objection));
            }
        }
    }

    private void known(Setting<?> setting, String what) {
        weak(setting, what, setting == WHATSAPP_ENCRYPTION_KEY || setting == APP_BASIC_AUTH
                ? "use one made by `openssl rand -base64 32`" : "use one made by `openssl rand -hex 32`");
    }

    private void adminApi() {
        if (!given(ADMIN_TOKEN)) {
            error(ADMIN_TOKEN, "is not set, and the Admin API needs it",
                    "set ADMIN_TOKEN_FILE to a file made by `openssl rand -hex 32`");
        }
        values.find(ADMIN_HOST).filter(host -> !host.isLoopbackAddress()).ifPresent(host ->
                weak(ADMIN_HOST, "lets the token cross the network in clear",
                        "listen on 127.0.0.1 and let a TLS proxy on this machine forward to it"));
        apart(ADMIN_METRICS_PORT, ADMIN_PORT);
    }

    private void someCredential() {
        if (given(APP_BASIC_AUTH) || given(WHATSAPP_SECRET)) {
            return;
        }
        var remedy = "set APP_BASIC_AUTH_FILE to a file with user:password";
        if (production) {
            error(APP_BASIC_AUTH, "is not set, and production needs a credential", remedy);
        }
        values.find(APP_HOST).filter(host -> !host.isLoopbackAddress()).ifPresent(host ->
                error(APP_HOST, "opens the API to other machines without any credential",
                        remedy + ", or listen on 127.0.0.1"));
    }

    private void passwords() {
        var setting = APP_BASIC_AUTH;
        boolean plain = false;
        for (var user : values.find(setting).orElse(List.of())) {
            if (user.password() instanceof BasicUser.Plain(Secret password)) {
                plain = true;
                if (password.length() < MIN_PASSWORD) {
                    weak(setting, "has a password of fewer than " + MIN_PASSWORD + " characters for user " + user.name(),
                            "use one made by `openssl rand -base64 32`");
                }
            }
        }
        if (plain && values.origin(setting).kind() == Origin.Kind.ENVIRONMENT) {
            warning(setting, "holds a password in clear, readable in /proc/PID/environ and by every child process",
                    "use APP_BASIC_AUTH_FILE, a systemd credential or an $argon2id$ hash");
        }
    }

    private void argv() {
        for (var setting : List.of(APP_BASIC_AUTH, WHATSAPP_WEBHOOK_SECRET)) {
            if (onArgv(setting)) {
                seenInPs(setting);
            }
        }
        if (onArgv(DB_URI) && values.find(DB_URI).orElse(null) instanceof Postgres database
                && database.password().isPresent()) {
            seenInPs(DB_URI);
        }
    }

    private boolean onArgv(Setting<?> setting) {
        return values.origin(setting).kind() == Origin.Kind.FLAG;
    }

    private void seenInPs(Setting<?> setting) {
        warning(setting, "holds a secret on the command line, which every user of this machine sees in ps",
                "use " + SecretFiles.pointer(setting) + ", a systemd credential or .env");
    }

    private void tokens() {
        var admin = values.find(ADMIN_TOKEN);
        if (admin.isPresent() && admin.equals(values.find(WHATSAPP_SECRET))) {
            error(ADMIN_TOKEN, "is the same as WHATSAPP_SECRET, so every API client could administer",
                    "set another one made by `openssl rand -hex 32`");
        }
    }

    private void webhook() {
        var urls = values.find(WHATSAPP_WEBHOOK).orElse(List.of());
        var setting = WHATSAPP_WEBHOOK_SECRET;
        if (!urls.isEmpty() && !given(setting)) {
            error(setting, "is not set, and webhooks are signed with it",
                    "set WHATSAPP_WEBHOOK_SECRET_FILE to a file made by `openssl rand -hex 32`");
        }
        values.find(setting).filter(secret -> secret.length() < MIN_SIGNING_SECRET).ifPresent(secret ->
                weak(setting, "has fewer than " + MIN_SIGNING_SECRET + " characters",
                        "use one made by `openssl rand -hex 32`"));
        boolean http = urls.stream().anyMatch(url -> url.getScheme().equals("http"));
        boolean allowed = values.find(WHATSAPP_WEBHOOK_ALLOW_HTTP).orElse(false);
        if (http && !allowed && !values.isWrong(WHATSAPP_WEBHOOK_ALLOW_HTTP)) {
            error(WHATSAPP_WEBHOOK, "has an http:// URL, which would post messages in clear",
                    "use https://, or set WHATSAPP_WEBHOOK_ALLOW_HTTP=true for a receiver on this machine");
        }
        if (production && values.find(WHATSAPP_DOWNLOAD_ALLOW_HTTP).orElse(false)) {
            warning(WHATSAPP_DOWNLOAD_ALLOW_HTTP, "lets files come in clear, changed by anybody on their way",
                    "remove it in production");
        }
        if (production && allowed) {
            warning(WHATSAPP_WEBHOOK_ALLOW_HTTP, "lets messages leave in clear", "remove it in production");
        }
    }

    private void ports() {
        apart(APP_METRICS_PORT, APP_PORT);
    }

    private void apart(Setting<Integer> metrics, Setting<Integer> service) {
        var port = values.find(metrics).filter(number -> number != 0);
        if (port.isPresent() && port.equals(values.find(service))) {
            error(metrics, "is the same as " + service, "give metrics a port of their own");
        }
    }

    private void exposure() {
        values.find(APP_METRICS_HOST).filter(host -> !host.isLoopbackAddress()).ifPresent(host ->
                warning(APP_METRICS_HOST, "opens metrics, which ask for no credential, to other machines",
                        "listen on 127.0.0.1, or let a firewall admit only Prometheus"));
        if (production && values.find(WHATSAPP_ENGINE).filter(EngineKind.SANDBOX::equals).isPresent()) {
            warning(WHATSAPP_ENGINE, "is the sandbox: no message reaches WhatsApp",
                    "use it for trying out only");
        }
        if (production && values.origin(WHATSAPP_ENGINE).kind() == Origin.Kind.DEFAULT) {
            error(WHATSAPP_ENGINE, "is not set, and production does not choose by itself whether messages are real",
                    "set it to web or sandbox");
        }
        if (values.find(APP_CORS_ALLOWED_ORIGINS).orElse(List.of()).stream()
                .anyMatch(origin -> origin.startsWith("http://"))) {
            warning(APP_CORS_ALLOWED_ORIGINS, "trusts an http:// origin, which anybody on its network can forge",
                    "use https://");
        }
    }

    private void twin() {
        for (var setting : List.of(WHATSAPP_WEB_URL, WHATSAPP_WEB_ROOT_KEY)) {
            if (!twin && values.find(setting).isPresent()) {
                error(setting, "lets a twin stand in for WhatsApp, which production does not allow",
                        "remove it, or rehearse with APP_PROFILE=rehearsal");
            }
        }
        if (values.find(WHATSAPP_WEB_URL).isPresent() != values.find(WHATSAPP_WEB_ROOT_KEY).isPresent()
                && !values.isWrong(WHATSAPP_WEB_URL) && !values.isWrong(WHATSAPP_WEB_ROOT_KEY)) {
            error(WHATSAPP_WEB_URL, "and WHATSAPP_WEB_ROOT_KEY belong together", "set both, or none");
        }
    }

    private void certificate() {
        if (values.find(DB_URI).orElse(null) instanceof Postgres database) {
            database.rootCertificate().map(directory::resolve).filter(file -> !Files.isReadable(file)).ifPresent(file ->
                    error(DB_URI, "names a sslrootcert that cannot be read", "put the certificate there"));
        }
    }

    /** Whether there is a value, right or wrong. */
    private boolean given(Setting<?> setting) {
        return values.find(setting).isPresent() || values.isWrong(setting);
    }

    private void weak(Setting<?> setting, String what, String remedy) {
        (production ? errors : warnings).add(new SettingProblem(setting.name(), values.origin(setting), what, remedy));
    }

    private void error(Setting<?> setting, String what, String remedy) {
        errors.add(new SettingProblem(setting.name(), values.origin(setting), what, remedy));
    }

    private void warning(Setting<?> setting, String what, String remedy) {
        warnings.add(new SettingProblem(setting.name(), values.origin(setting), what, remedy));
    }
}
