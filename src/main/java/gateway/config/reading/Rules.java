package gateway.config.reading;

import gateway.config.BasicUser;
import gateway.config.DatabaseSetting.Postgres;
import gateway.config.Origin;
import gateway.config.PrintedSecrets;
import gateway.config.SettingProblem;
import gateway.config.Role;
import gateway.config.Secret;
import gateway.config.Settings.EngineKind;
import gateway.config.Settings.Profile;
import gateway.config.catalogue.Catalogue;
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
        var profile = values.find(Catalogue.APP_PROFILE);
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
        if (values.find(Catalogue.APP_ACCEPT_DATABASE).orElse(false)) {
            warning(Catalogue.APP_ACCEPT_DATABASE, "lets a lost database go unnoticed", "remove it once the gateway has started");
        }
    }

    /** Secrets that everybody can know, each named with its setting. */
    private void printed() {
        for (var setting : List.of(Catalogue.WHATSAPP_SECRET, Catalogue.WHATSAPP_WEBHOOK_SECRET, Catalogue.ADMIN_TOKEN, Catalogue.DB_PASSWORD)) {
            values.find(setting)
                    .filter(secret -> setting != Catalogue.WHATSAPP_WEBHOOK_SECRET || secret.length() >= MIN_SIGNING_SECRET)
                    .flatMap(secret -> PrintedSecrets.objection(secret.reveal())).ifPresent(objection -> known(setting, objection));
        }
        for (var key : values.find(Catalogue.WHATSAPP_ENCRYPTION_KEY).orElse(List.of())) {
            PrintedSecrets.keyObjection(key.reveal()).ifPresent(objection -> known(Catalogue.WHATSAPP_ENCRYPTION_KEY, "has a key that " + objection));
        }
        if (values.find(Catalogue.DB_URI).orElse(null) instanceof Postgres database) {
            database.password().flatMap(secret -> PrintedSecrets.objection(secret.reveal()))
                    .ifPresent(objection -> known(Catalogue.DB_URI, "has a password that " + objection));
        }
        for (var user : values.find(Catalogue.APP_BASIC_AUTH).orElse(List.of())) {
            if (user.password() instanceof BasicUser.Plain(Secret password)) {
                Optional.of(password.reveal()).filter(text -> text.length() >= MIN_PASSWORD).flatMap(PrintedSecrets::objection).ifPresent(objection ->
                        known(Catalogue.APP_BASIC_AUTH, "has a password for user " + user.name() + " that " + objection));
            }
        }
    }

    private void known(Setting<?> setting, String what) {
        weak(setting, what, setting == Catalogue.WHATSAPP_ENCRYPTION_KEY || setting == Catalogue.APP_BASIC_AUTH
                ? "use one made by `openssl rand -base64 32`" : "use one made by `openssl rand -hex 32`");
    }

    private void adminApi() {
        if (!given(Catalogue.ADMIN_TOKEN)) {
            error(Catalogue.ADMIN_TOKEN, "is not set, and the Admin API needs it",
                    "set ADMIN_TOKEN_FILE to a file made by `openssl rand -hex 32`");
        }
        values.find(Catalogue.ADMIN_HOST).filter(host -> !host.isLoopbackAddress()).ifPresent(host ->
                weak(Catalogue.ADMIN_HOST, "lets the token cross the network in clear",
                        "listen on 127.0.0.1 and let a TLS proxy on this machine forward to it"));
        apart(Catalogue.ADMIN_METRICS_PORT, Catalogue.ADMIN_PORT);
    }

    private void someCredential() {
        if (given(Catalogue.APP_BASIC_AUTH) || given(Catalogue.WHATSAPP_SECRET)) {
            return;
        }
        var remedy = "set APP_BASIC_AUTH_FILE to a file with user:password";
        if (production) {
            error(Catalogue.APP_BASIC_AUTH, "is not set, and production needs a credential", remedy);
        }
        values.find(Catalogue.APP_HOST).filter(host -> !host.isLoopbackAddress()).ifPresent(host ->
                error(Catalogue.APP_HOST, "opens the API to other machines without any credential",
                        remedy + ", or listen on 127.0.0.1"));
    }

    private void passwords() {
        var setting = Catalogue.APP_BASIC_AUTH;
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
        for (var setting : List.of(Catalogue.APP_BASIC_AUTH, Catalogue.WHATSAPP_WEBHOOK_SECRET)) {
            if (onArgv(setting)) {
                seenInPs(setting);
            }
        }
        if (onArgv(Catalogue.DB_URI) && values.find(Catalogue.DB_URI).orElse(null) instanceof Postgres database
                && database.password().isPresent()) {
            seenInPs(Catalogue.DB_URI);
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
        var admin = values.find(Catalogue.ADMIN_TOKEN);
        if (admin.isPresent() && admin.equals(values.find(Catalogue.WHATSAPP_SECRET))) {
            error(Catalogue.ADMIN_TOKEN, "is the same as WHATSAPP_SECRET, so every API client could administer",
                    "set another one made by `openssl rand -hex 32`");
        }
    }

    private void webhook() {
        var urls = values.find(Catalogue.WHATSAPP_WEBHOOK).orElse(List.of());
        var setting = Catalogue.WHATSAPP_WEBHOOK_SECRET;
        if (!urls.isEmpty() && !given(setting)) {
            error(setting, "is not set, and webhooks are signed with it",
                    "set WHATSAPP_WEBHOOK_SECRET_FILE to a file made by `openssl rand -hex 32`");
        }
        values.find(setting).filter(secret -> secret.length() < MIN_SIGNING_SECRET).ifPresent(secret ->
                weak(setting, "has fewer than " + MIN_SIGNING_SECRET + " characters",
                        "use one made by `openssl rand -hex 32`"));
        boolean http = urls.stream().anyMatch(url -> url.getScheme().equals("http"));
        boolean allowed = values.find(Catalogue.WHATSAPP_WEBHOOK_ALLOW_HTTP).orElse(false);
        if (http && !allowed && !values.isWrong(Catalogue.WHATSAPP_WEBHOOK_ALLOW_HTTP)) {
            error(Catalogue.WHATSAPP_WEBHOOK, "has an http:// URL, which would post messages in clear",
                    "use https://, or set WHATSAPP_WEBHOOK_ALLOW_HTTP=true for a receiver on this machine");
        }
        if (production && values.find(Catalogue.WHATSAPP_DOWNLOAD_ALLOW_HTTP).orElse(false)) {
            warning(Catalogue.WHATSAPP_DOWNLOAD_ALLOW_HTTP, "lets files come in clear, changed by anybody on their way",
                    "remove it in production");
        }
        if (production && allowed) {
            warning(Catalogue.WHATSAPP_WEBHOOK_ALLOW_HTTP, "lets messages leave in clear", "remove it in production");
        }
    }

    private void ports() {
        apart(Catalogue.APP_METRICS_PORT, Catalogue.APP_PORT);
    }

    private void apart(Setting<Integer> metrics, Setting<Integer> service) {
        var port = values.find(metrics).filter(number -> number != 0);
        if (port.isPresent() && port.equals(values.find(service))) {
            error(metrics, "is the same as " + service, "give metrics a port of their own");
        }
    }

    private void exposure() {
        values.find(Catalogue.APP_METRICS_HOST).filter(host -> !host.isLoopbackAddress()).ifPresent(host ->
                warning(Catalogue.APP_METRICS_HOST, "opens metrics, which ask for no credential, to other machines",
                        "listen on 127.0.0.1, or let a firewall admit only Prometheus"));
        if (production && values.find(Catalogue.WHATSAPP_ENGINE).filter(EngineKind.SANDBOX::equals).isPresent()) {
            warning(Catalogue.WHATSAPP_ENGINE, "is the sandbox: no message reaches WhatsApp",
                    "use it for trying out only");
        }
        if (values.find(Catalogue.APP_CORS_ALLOWED_ORIGINS).orElse(List.of()).stream()
                .anyMatch(origin -> origin.startsWith("http://"))) {
            warning(Catalogue.APP_CORS_ALLOWED_ORIGINS, "trusts an http:// origin, which anybody on its network can forge",
                    "use https://");
        }
    }

    private void twin() {
        for (var setting : List.of(Catalogue.WHATSAPP_WEB_URL, Catalogue.WHATSAPP_WEB_ROOT_KEY)) {
            if (!twin && values.find(setting).isPresent()) {
                error(setting, "lets a twin stand in for WhatsApp, which production does not allow",
                        "remove it, or rehearse with APP_PROFILE=rehearsal");
            }
        }
        if (values.find(Catalogue.WHATSAPP_WEB_URL).isPresent() != values.find(Catalogue.WHATSAPP_WEB_ROOT_KEY).isPresent()
                && !values.isWrong(Catalogue.WHATSAPP_WEB_URL) && !values.isWrong(Catalogue.WHATSAPP_WEB_ROOT_KEY)) {
            error(Catalogue.WHATSAPP_WEB_URL, "and WHATSAPP_WEB_ROOT_KEY belong together", "set both, or none");
        }
    }

    private void certificate() {
        if (values.find(Catalogue.DB_URI).orElse(null) instanceof Postgres database) {
            database.rootCertificate().map(directory::resolve).filter(file -> !Files.isReadable(file)).ifPresent(file ->
                    error(Catalogue.DB_URI, "names a sslrootcert that cannot be read", "put the certificate there"));
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
