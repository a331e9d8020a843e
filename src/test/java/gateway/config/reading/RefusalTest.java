package gateway.config.reading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import gateway.config.catalogue.BasicAuthTest;
import gateway.config.catalogue.HttpSettings;
import gateway.config.catalogue.StorageSettings;
import gateway.config.catalogue.WebhookSettings;

/** Every setting refuses what it cannot use, and the sentence has the name, the source and a remedy. */
class RefusalTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "APP_PROFILE | staging | choose development or production or rehearsal",
                "LOG_LEVEL | trace | choose error or warn or info or debug",
                "APP_DEBUG | maybe | write true or false",
                "APP_PORT | 65536 | from 1 to 65535",
                "APP_PORT | -1 | from 1 to 65535",
                "APP_PORT | 3 000 | from 1 to 65535",
                "APP_HOST | example.com | such as 127.0.0.1",
                "APP_BASE_PATH | gateway | begin it with a slash",
                "APP_PUBLIC_URL | wa.example.org | write scheme, host",
                "APP_PUBLIC_URL | https://wa.example.org/ | write scheme, host",
                "APP_PUBLIC_URL | https://user@wa.example.org | write scheme, host",
                "APP_BASE_PATH | /a/../b | begin it with a slash",
                "APP_TRUSTED_PROXY | 0.0.0.0/0 | list the proxies' own addresses",
                "APP_TRUSTED_PROXY | ::/0 | list the proxies' own addresses",
                "APP_TRUSTED_PROXY | 10.0.0.1/8 | the range is 10.0.0.0/8",
                "APP_TRUSTED_PROXY | proxy.example.com | list ranges",
                "APP_CORS_ALLOWED_ORIGINS | * | list exact origins",
                "APP_CORS_ALLOWED_ORIGINS | https://*.example.com | list exact origins",
                "APP_CORS_ALLOWED_ORIGINS | https://example.com/ | without the scheme's own port, a path or a final slash",
                "APP_CORS_ALLOWED_ORIGINS | null | list exact origins",
                "APP_METRICS_PORT | 70000 | from 1 to 65535",
                "DB_URI | mysql://a:b@c/d | write file:",
                "WHATSAPP_ENGINE | cloud | choose sandbox or web",
                "WHATSAPP_WEB_URL | ws://127.0.0.1.example.com:9399/ws/chat | give an address such as",
                "WHATSAPP_WEB_URL | wss://web.whatsapp.com/ws/chat | give an address such as",
                "WHATSAPP_WEB_ROOT_KEY | 00ff | take it from what the twin printed",
                "WHATSAPP_ACCOUNT_VALIDATION | 2 | write true or false",
                "WHATSAPP_WEBHOOK_EVENTS | message,message.akc | did you mean message.ack",
                "WHATSAPP_WEBHOOK_IGNORE_JIDS | everybody | list full addresses",
                "WHATSAPP_WEBHOOK_DIALECT | v9 | choose v7 or v8",
                "WHATSAPP_WEBHOOK_ALLOW_CIDRS | 127.0.0.0/33 | from 0 to 32",
                "WHATSAPP_WEBHOOK_INSECURE_SKIP_VERIFY | true | give the receiver a certificate",
                "WHATSAPP_SEND_WAIT | 10 | with its unit",
                "WHATSAPP_SEND_WAIT | 61s | up to 60s",
                "WHATSAPP_PACING_DAILY_CAP | -5 | from 0 to 1000000",
                "WHATSAPP_SETTING_MAX_IMAGE_SIZE | 3GB | bytes, such as 20000000",
                "WHATSAPP_SETTING_MAX_FILE_SIZE | 0 | bytes, such as 20000000",
                "WHATSAPP_SECRET | tooshort | use 32 to 256",
                "ADMIN_TOKEN | tooshort | use 32 to 256",
                "ADMIN_TOKEN | 0123456789abcdef0123456789abcd%;x | letters, digits",
                "WHATSAPP_WEBHOOK_SECRET | secret | openssl rand -hex 32",
                "ADMIN_PORT | http | from 1 to 65535",
            })
    void aValueThatCannotBeUsedIsRefused(String name, String text, String remedy) {
        var error = new ConfigGiven(directory).dotEnv("", name + "=" + text).error();
        assertTrue(error.startsWith(name + " (.env line 2) "), error);
        assertTrue(error.contains(remedy), error);
    }

    @ParameterizedTest
    @CsvSource({"APP_BASIC_AUTH", "WHATSAPP_SECRET", "WHATSAPP_WEBHOOK_SECRET", "DB_URI", "ADMIN_TOKEN"})
    void anEmptySecretIsAnErrorNeverItsAbsence(String name) {
        assertEquals(
                name + " (.env line 1) is empty; set it, or remove it altogether.",
                new ConfigGiven(directory)
                        .dotEnv(name + "=")
                        .env(name, ConfigGiven.TOKEN)
                        .error());
    }

    @Test
    void settingsThatNobodyDecryptedAreTold() {
        new ConfigGiven(directory).file(".env.gpg", "rw-------", "sealed");
        var told = new ConfigGiven(directory).load();
        assertTrue(
                told.warnings().stream().anyMatch(warning -> warning.name().equals(".env.gpg")),
                told.warnings().toString());
        var production = new ConfigGiven(directory)
                .env("APP_PROFILE", "production")
                .env("WHATSAPP_SECRET", ConfigGiven.TOKEN)
                .load();
        assertTrue(
                production.errors().stream().anyMatch(error -> error.name().equals(".env.gpg")),
                production.errors().toString());
        var decrypted = new ConfigGiven(directory).dotEnv("APP_PORT=3000").load();
        assertTrue(decrypted.warnings().stream()
                .noneMatch(warning -> warning.name().equals(".env.gpg")));
    }

    @Test
    void allErrorsAreReportedAtOnceInTheCataloguesOrder() {
        var errors = new ConfigGiven(directory)
                .dotEnv("APP_PORT=x", "ADMIN_PORT=y")
                .env("WHATSAPP_WEBHOOK_DIALECT", "v1")
                .flag(HttpSettings.APP_HOST, "0.0.0.0")
                .load()
                .errors();
        assertEquals(
                "[APP_PORT .env line 1, APP_HOST flag --host, WHATSAPP_WEBHOOK_DIALECT environment variable "
                        + "WHATSAPP_WEBHOOK_DIALECT, ADMIN_PORT .env line 2]",
                errors.stream()
                        .map(error -> error.name() + " " + error.origin())
                        .toList()
                        .toString());
    }

    @Test
    void withAnyErrorThereAreNoSettings() {
        assertTrue(new ConfigGiven(directory)
                .env("APP_PORT", "x")
                .load()
                .settings()
                .isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0", "::", "192.168.1.5"})
    void withoutACredentialOnlyLoopbackIsServed(String host) {
        var given = new ConfigGiven(directory).flag(HttpSettings.APP_HOST, host);
        var error = given.error();
        assertTrue(error.startsWith("APP_HOST (flag --host) opens the API to other machines"), error);
        assertTrue(error.contains("set APP_BASIC_AUTH_FILE"), error);
        assertFalse(given.env("APP_BASIC_AUTH", "admin:" + ConfigGiven.STRONG)
                .settings()
                .auth()
                .isEmpty());
    }

    @Test
    void aWrongCredentialIsReportedOnceNotAsAMissingOne() {
        var error = new ConfigGiven(directory)
                .flag(HttpSettings.APP_HOST, "0.0.0.0")
                .env("APP_BASIC_AUTH", "admin")
                .error();
        assertTrue(error.startsWith("APP_BASIC_AUTH (environment variable APP_BASIC_AUTH) has no colon"), error);
    }

    @Test
    void productionTrustsNoTwin() {
        var error = new ConfigGiven(directory)
                .dotEnv("WHATSAPP_WEB_URL=ws://127.0.0.1:9399/ws/chat", "WHATSAPP_WEB_ROOT_KEY=" + "0a".repeat(32))
                .env("APP_PROFILE", "production")
                .env("WHATSAPP_SECRET", ConfigGiven.TOKEN)
                .load()
                .errors()
                .toString();
        assertTrue(error.contains("WHATSAPP_WEB_URL") && error.contains("WHATSAPP_WEB_ROOT_KEY"), error);
    }

    @Test
    void aTwinsAddressAndKeyBelongTogether() {
        assertTrue(new ConfigGiven(directory)
                .dotEnv("WHATSAPP_WEB_URL=ws://127.0.0.1:9399/ws/chat")
                .error()
                .contains("belong together"));
    }

    @Test
    void productionNeedsACredentialEvenOnLoopback() {
        assertTrue(new ConfigGiven(directory)
                .env("APP_PROFILE", "production")
                .env("WHATSAPP_ENGINE", "web")
                .error()
                .startsWith("APP_BASIC_AUTH (default) "));
    }

    @Test
    void productionWithoutAnEngineIsAnErrorAndNotAlsoWarnedOfAsTheSandbox() {
        var given =
                new ConfigGiven(directory).env("APP_PROFILE", "production").env("WHATSAPP_SECRET", ConfigGiven.TOKEN);
        assertTrue(given.error().startsWith("WHATSAPP_ENGINE (default) is not set"), given.error());
        assertEquals(List.of(), given.load().warnings());
        assertTrue(given.env("WHATSAPP_ENGINE", "sandbox")
                .warnings()
                .toString()
                .contains("is the sandbox: no message reaches WhatsApp"));
    }

    @Test
    void aShortPasswordIsAWarningAndInProductionAnError() {
        var given = new ConfigGiven(directory).dotEnv("APP_BASIC_AUTH=admin:8xK9mPqR3w");
        assertTrue(given.warnings().getFirst().contains("fewer than 20 characters for user admin"));
        var error = given.env("APP_PROFILE", "production")
                .env("WHATSAPP_ENGINE", "web")
                .error();
        assertTrue(error.startsWith("APP_BASIC_AUTH (.env line 1) has a password of fewer than 20"), error);
    }

    @Test
    void theAdminTokenIsNotTheApiToken() {
        var error = new ConfigGiven(directory)
                .dotEnv("WHATSAPP_SECRET=" + ConfigGiven.TOKEN, "ADMIN_TOKEN=" + ConfigGiven.TOKEN)
                .error();
        assertTrue(error.startsWith("ADMIN_TOKEN (.env line 2) is the same as WHATSAPP_SECRET"), error);
    }

    @Test
    void metricsAndApiCannotShareAPort() {
        var error = new ConfigGiven(directory).env("APP_METRICS_PORT", "3000").error();
        assertTrue(error.startsWith("APP_METRICS_PORT (environment variable APP_METRICS_PORT) is the same"), error);
    }

    @Test
    void aPortTooHighForItsMetricsAsksForAMetricsPort() {
        var given = new ConfigGiven(directory).env("APP_PORT", "60000");
        assertTrue(given.error().startsWith("APP_METRICS_PORT (default) is \"70000\""), given.error());
        assertEquals(
                9100, given.env("APP_METRICS_PORT", "9100").settings().metrics().port());
    }

    @Test
    void aSecretOnTheCommandLineIsWarnedOf() {
        var warnings = new ConfigGiven(directory)
                .flag(HttpSettings.APP_BASIC_AUTH, "admin:" + ConfigGiven.STRONG)
                .flag(WebhookSettings.WHATSAPP_WEBHOOK_SECRET, ConfigGiven.TOKEN)
                .flag(StorageSettings.DB_URI, "postgresql://w:pw@localhost/whatsapp")
                .warnings();
        assertEquals(
                3,
                warnings.stream()
                        .filter(warning -> warning.contains("sees in ps"))
                        .count(),
                warnings::toString);
    }

    @Test
    void aPlainPasswordInTheEnvironmentIsWarnedOfAHashIsNot() {
        assertTrue(new ConfigGiven(directory)
                .env("APP_BASIC_AUTH", "admin:" + ConfigGiven.STRONG)
                .warnings()
                .getFirst()
                .contains("/proc/PID/environ"));
        assertTrue(new ConfigGiven(directory)
                .env("APP_BASIC_AUTH", "admin:" + BasicAuthTest.HASH)
                .warnings()
                .isEmpty());
    }

    @Test
    void openMetricsAndAnHttpOriginAreWarnedOf() {
        var warnings = new ConfigGiven(directory)
                .env("APP_METRICS_HOST", "0.0.0.0")
                .env("APP_CORS_ALLOWED_ORIGINS", "http://app.example.com")
                .warnings();
        assertTrue(warnings.getFirst().startsWith("APP_CORS_ALLOWED_ORIGINS"), warnings::toString);
        assertTrue(warnings.getLast().startsWith("APP_METRICS_HOST"), warnings::toString);
    }

    @Test
    void productionIsToldItsEngine() {
        var given = new ConfigGiven(directory).dotEnv("APP_PROFILE=production", "WHATSAPP_SECRET=" + ConfigGiven.TOKEN);
        assertTrue(given.error().startsWith("WHATSAPP_ENGINE (default) is not set"), given.error());
        given.env("WHATSAPP_ENGINE", "web").settings();
    }

    @Test
    void theSandboxInProductionIsWarnedOf() {
        var warnings = new ConfigGiven(directory)
                .dotEnv("APP_PROFILE=production", "WHATSAPP_ENGINE=sandbox", "WHATSAPP_SECRET=" + ConfigGiven.TOKEN)
                .warnings();
        assertTrue(warnings.stream().anyMatch(warning -> warning.contains("no message reaches WhatsApp")));
    }
}
