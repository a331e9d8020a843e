package gateway.config.reading;

import static gateway.config.catalogue.AdminSettings.*;
import static gateway.config.catalogue.GeneralSettings.*;
import static gateway.config.catalogue.HttpSettings.*;
import static gateway.config.catalogue.SecretSettings.*;
import static gateway.config.catalogue.StorageSettings.*;
import static gateway.config.catalogue.WebhookSettings.*;
import static gateway.config.catalogue.WhatsAppSettings.*;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import gateway.config.DatabaseSetting.Postgres;
import gateway.config.Origin;
import gateway.config.Role;
import gateway.config.SettingProblem;
import gateway.config.Settings.EngineKind;
import gateway.config.Settings.Profile;
import gateway.config.catalogue.Setting;
import gateway.config.catalogue.Values;
import gateway.config.source.DotEnv;

/** What several settings must satisfy together. A rule is silent about settings whose own text is already wrong. */
final class Rules {
    private static final String ENCRYPTED = ".env.gpg";

    private final Values values;
    private final Path directory;
    private final boolean production;
    private final boolean twinAllowed;
    private final Objections objections;

    Rules(Values values, Path directory) {
        this.values = values;
        this.directory = directory;
        var profile = values.find(APP_PROFILE);
        this.production = profile.filter(Profile::holdsProductionRules).isPresent();
        // A profile that is not understood allows nothing.
        this.twinAllowed = profile.filter(Profile::allowsTwin).isPresent();
        this.objections = new Objections(values, production);
    }

    List<SettingProblem> errors() {
        return objections.errors();
    }

    List<SettingProblem> warnings() {
        return objections.warnings();
    }

    void apply(Role role) {
        var secrets = new SecretRules(values, objections);
        if (role == Role.ADMIN) {
            adminApi();
        } else {
            someCredential();
            secrets.ofServer();
            webhook();
            apart(APP_METRICS_PORT, APP_PORT);
            exposure();
            certificate();
            twin();
        }
        engine();
        encryptedSettings();
        secrets.ofEither();
        if (values.find(APP_ACCEPT_DATABASE).orElse(false)) {
            objections.warning(
                    APP_ACCEPT_DATABASE, "lets a lost database go unnoticed", "remove it once the gateway has started");
        }
    }

    /** Settings that nobody decrypted: the gateway would start as if there were none. */
    private void encryptedSettings() {
        if (Files.exists(directory.resolve(ENCRYPTED)) && Files.notExists(directory.resolve(DotEnv.NAME))) {
            objections.weak(
                    new SettingProblem(
                            ENCRYPTED,
                            new Origin(
                                    Origin.Kind.DOTENV,
                                    directory.resolve(ENCRYPTED).toString()),
                            "holds settings that are not read, because there is no " + DotEnv.NAME,
                            "decrypt it with: whatsapp env decrypt, or move it out of the directory that the gateway is started in"));
        }
    }

    private void adminApi() {
        if (!given(ADMIN_TOKEN)) {
            objections.error(
                    ADMIN_TOKEN,
                    "is not set, and the Admin API needs it",
                    "set ADMIN_TOKEN_FILE to a file made by `openssl rand -hex 32`");
        }
        values.find(ADMIN_HOST)
                .filter(host -> !host.isLoopbackAddress())
                .ifPresent(host -> objections.weak(
                        ADMIN_HOST,
                        "lets the token cross the network in clear",
                        "listen on 127.0.0.1 and let a TLS proxy on this machine forward to it"));
        apart(ADMIN_METRICS_PORT, ADMIN_PORT);
    }

    private void someCredential() {
        if (given(APP_BASIC_AUTH) || given(WHATSAPP_SECRET)) {
            return;
        }
        var remedy = "set APP_BASIC_AUTH_FILE to a file with user:password";
        if (production) {
            objections.error(APP_BASIC_AUTH, "is not set, and production needs a credential", remedy);
        }
        values.find(APP_HOST)
                .filter(host -> !host.isLoopbackAddress())
                .ifPresent(host -> objections.error(
                        APP_HOST,
                        "opens the API to other machines without any credential",
                        remedy + ", or listen on 127.0.0.1"));
    }

    private void webhook() {
        var urls = values.find(WHATSAPP_WEBHOOK).orElse(List.of());
        var setting = WHATSAPP_WEBHOOK_SECRET;
        if (!urls.isEmpty() && !given(setting)) {
            objections.error(
                    setting,
                    "is not set, and webhooks are signed with it",
                    "set WHATSAPP_WEBHOOK_SECRET_FILE to a file made by `openssl rand -hex 32`");
        }
        boolean http = urls.stream().anyMatch(url -> url.getScheme().equals("http"));
        boolean allowed = values.find(WHATSAPP_WEBHOOK_ALLOW_HTTP).orElse(false);
        if (http && !allowed && !values.isWrong(WHATSAPP_WEBHOOK_ALLOW_HTTP)) {
            objections.error(
                    WHATSAPP_WEBHOOK,
                    "has an http:// URL, which would post messages in clear",
                    "use https://, or set WHATSAPP_WEBHOOK_ALLOW_HTTP=true for a receiver on this machine");
        }
        if (production && values.find(WHATSAPP_DOWNLOAD_ALLOW_HTTP).orElse(false)) {
            objections.warning(
                    WHATSAPP_DOWNLOAD_ALLOW_HTTP,
                    "lets files come in clear, changed by anybody on their way",
                    "remove it in production");
        }
        if (production && allowed) {
            objections.warning(WHATSAPP_WEBHOOK_ALLOW_HTTP, "lets messages leave in clear", "remove it in production");
        }
    }

    /** Objects to one port for two listeners; port 0 is any free port. */
    private void apart(Setting<Integer> metrics, Setting<Integer> service) {
        var port = values.find(metrics).filter(number -> number != 0);
        if (port.isPresent() && port.equals(values.find(service))) {
            objections.error(metrics, "is the same as " + service, "give metrics a port of their own");
        }
    }

    /** The Admin API's engine is that of the gateways it starts. */
    private void engine() {
        if (production && isDefault(WHATSAPP_ENGINE)) {
            objections.error(
                    WHATSAPP_ENGINE,
                    "is not set, and production does not choose by itself whether messages are real",
                    "set it to web or sandbox");
        }
    }

    private void exposure() {
        values.find(APP_METRICS_HOST)
                .filter(host -> !host.isLoopbackAddress())
                .ifPresent(host -> objections.warning(
                        APP_METRICS_HOST,
                        "opens metrics, which ask for no credential, to other machines",
                        "listen on 127.0.0.1, or let a firewall admit only Prometheus"));
        // Without an engine, only the error says that production needs one.
        if (production
                && !isDefault(WHATSAPP_ENGINE)
                && values.find(WHATSAPP_ENGINE)
                        .filter(EngineKind.SANDBOX::equals)
                        .isPresent()) {
            objections.warning(
                    WHATSAPP_ENGINE, "is the sandbox: no message reaches WhatsApp", "use it for trying out only");
        }
        if (values.find(APP_CORS_ALLOWED_ORIGINS).orElse(List.of()).stream()
                .anyMatch(origin -> origin.startsWith("http://"))) {
            objections.warning(
                    APP_CORS_ALLOWED_ORIGINS,
                    "trusts an http:// origin, which anybody on its network can forge",
                    "use https://");
        }
    }

    private void twin() {
        for (var setting : List.of(WHATSAPP_WEB_URL, WHATSAPP_WEB_ROOT_KEY)) {
            if (!twinAllowed && values.find(setting).isPresent()) {
                objections.error(
                        setting,
                        "lets a twin stand in for WhatsApp, which production does not allow",
                        "remove it, or rehearse with APP_PROFILE=rehearsal");
            }
        }
        if (values.find(WHATSAPP_WEB_URL).isPresent()
                        != values.find(WHATSAPP_WEB_ROOT_KEY).isPresent()
                && !values.isWrong(WHATSAPP_WEB_URL)
                && !values.isWrong(WHATSAPP_WEB_ROOT_KEY)) {
            objections.error(WHATSAPP_WEB_URL, "and WHATSAPP_WEB_ROOT_KEY belong together", "set both, or none");
        }
    }

    private void certificate() {
        if (values.find(DB_URI).orElse(null) instanceof Postgres database) {
            database.rootCertificate()
                    .map(directory::resolve)
                    .filter(file -> !Files.isReadable(file))
                    .ifPresent(file -> objections.error(
                            DB_URI, "names a sslrootcert that cannot be read", "put the certificate there"));
        }
    }

    private boolean isDefault(Setting<?> setting) {
        return values.origin(setting).kind() == Origin.Kind.DEFAULT;
    }

    /** Whether there is a value, right or wrong. */
    private boolean given(Setting<?> setting) {
        return values.find(setting).isPresent() || values.isWrong(setting);
    }
}
