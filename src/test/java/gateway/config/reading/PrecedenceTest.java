package gateway.config.reading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.config.DatabaseSetting;
import gateway.config.Role;
import gateway.config.Settings;
import gateway.config.catalogue.HttpSettings;
import gateway.config.source.Flags;

class PrecedenceTest {
    @TempDir
    Path directory;

    private Configuration.Effective effective(ConfigGiven given, String name) {
        return given.load().values().stream()
                .filter(value -> value.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void withNothingGivenTheDefaultsHold() {
        var settings = new ConfigGiven(directory).settings();
        assertEquals(3000, settings.http().port());
        assertEquals("127.0.0.1", settings.http().host().getHostAddress());
        assertEquals(13000, settings.metrics().port());
        assertEquals(8088, settings.admin().port());
        assertEquals(100_000_000, settings.limits().video());
        assertTrue(settings.auth().isEmpty());
        assertTrue(settings.http().trustedProxies().isEmpty());
        assertEquals(
                new DatabaseSetting.Sqlite(directory.resolve("storages/whatsapp.db"), java.time.Duration.ofSeconds(5)),
                settings.storage().database());
        assertEquals(
                "default",
                effective(new ConfigGiven(directory), "APP_PORT").origin().text());
    }

    @Test
    void theFlagBeatsTheEnvironmentBeatsDotEnv() {
        var given = new ConfigGiven(directory).dotEnv("# ports", "APP_PORT=3001");
        assertEquals(3001, given.settings().http().port());
        assertEquals(".env line 2", effective(given, "APP_PORT").origin().text());
        given.env("APP_PORT", "3002");
        assertEquals(3002, given.settings().http().port());
        assertEquals(
                "environment variable APP_PORT",
                effective(given, "APP_PORT").origin().text());
        given.flag(HttpSettings.APP_PORT, "3003");
        assertEquals(3003, given.settings().http().port());
        assertEquals("flag --port", effective(given, "APP_PORT").origin().text());
    }

    @Test
    void aSecretComesFromTheFileThenTheCredentialThenDotEnvThenTheEnvironmentThenTheMount() {
        var given = new ConfigGiven(directory);
        given.file("mounted/api-token", "r--------", "m".repeat(32) + "\n");
        given.env("APP_SECRETS_DIR", directory.resolve("mounted").toString());
        assertEquals(
                "m".repeat(32), given.settings().auth().apiToken().orElseThrow().reveal());
        given.env("WHATSAPP_SECRET", "e".repeat(32));
        assertEquals(
                "e".repeat(32), given.settings().auth().apiToken().orElseThrow().reveal());
        given.dotEnv("WHATSAPP_SECRET=" + "d".repeat(32));
        assertEquals(
                "d".repeat(32),
                given.settings().auth().apiToken().orElseThrow().reveal(),
                "the environment leaks, .env does not");
        given.file("credentials/whatsapp-secret", "r--------", "c".repeat(32) + "\n");
        given.env("CREDENTIALS_DIRECTORY", directory.resolve("credentials").toString());
        assertEquals(
                "c".repeat(32), given.settings().auth().apiToken().orElseThrow().reveal());
        assertEquals(
                "systemd credential whatsapp-secret",
                effective(given, "WHATSAPP_SECRET").origin().text());
        given.file("secret", "rw-------", "f".repeat(32) + "\n");
        given.env("WHATSAPP_SECRET_FILE", "secret");
        assertEquals(
                "f".repeat(32), given.settings().auth().apiToken().orElseThrow().reveal());
        assertTrue(effective(given, "WHATSAPP_SECRET").origin().text().contains("WHATSAPP_SECRET_FILE"));
        assertTrue(given.warnings().stream().anyMatch(warning -> warning.contains("set a second time and ignored")));
    }

    @Test
    void aCredentialMayHaveTheSettingsOwnName() {
        var given = new ConfigGiven(directory).env("CREDENTIALS_DIRECTORY", directory.toString());
        given.file("ADMIN_TOKEN", "r--------", ConfigGiven.TOKEN);
        assertEquals(
                ConfigGiven.TOKEN,
                given.settings().admin().token().orElseThrow().reveal());
    }

    @Test
    void theFilePointerMayStandInDotEnv() {
        var given = new ConfigGiven(directory).dotEnv("APP_BASIC_AUTH_FILE=auth");
        given.file("auth", "rw-------", "admin:" + ConfigGiven.STRONG + "\n");
        assertEquals("admin", given.settings().auth().users().getFirst().name());
    }

    @Test
    void onlySecretsAreReadFromFiles() {
        var given = new ConfigGiven(directory).env("APP_PORT_FILE", "port");
        given.file("port", "rw-------", "4000");
        assertEquals(3000, given.settings().http().port());
    }

    @Test
    void nodeEnvCountsOnlyWhenTheProfileIsNowhereGiven() {
        var production = new ConfigGiven(directory)
                .env("NODE_ENV", "production")
                .env("WHATSAPP_SECRET", ConfigGiven.TOKEN)
                .env("WHATSAPP_ENGINE", "web");
        assertEquals(Settings.Profile.PRODUCTION, production.settings().profile());
        production.dotEnv("APP_PROFILE=development");
        assertEquals(Settings.Profile.DEVELOPMENT, production.settings().profile());
        assertEquals(
                Settings.Profile.DEVELOPMENT,
                new ConfigGiven(directory).dotEnv("NODE_ENV=staging").settings().profile());
    }

    @Test
    void anEmptyValueThatIsNoSecretMeansTheDefault() {
        var given = new ConfigGiven(directory).env("APP_PORT", "").env("WHATSAPP_WEBHOOK", " ");
        assertEquals(3000, given.settings().http().port());
        assertTrue(given.settings().webhook().urls().isEmpty());
        assertEquals(
                "default, environment variable APP_PORT is empty",
                effective(given, "APP_PORT").origin().text());
    }

    @Test
    void repeatedFlagsAddUp() {
        var settings = new ConfigGiven(directory)
                .flag(HttpSettings.APP_BASIC_AUTH, "admin:" + ConfigGiven.STRONG, "api:" + ConfigGiven.STRONG + "2")
                .settings();
        assertEquals(2, settings.auth().users().size());
    }

    @Test
    void derivedDefaultsFollowWhatTheyAreDerivedFrom() {
        var settings = new ConfigGiven(directory)
                .env("APP_PORT", "3100")
                .env("APP_STORAGE_DIR", "/srv/a%20b")
                .settings();
        assertEquals(13100, settings.metrics().port());
        assertEquals(
                Path.of("/srv/a%20b/whatsapp.db"),
                ((DatabaseSetting.Sqlite) settings.storage().database()).file());
    }

    @Test
    void whatABackupKeepsIsASettingByItsOwnNameThoughItWasGivenByItsSynonym() throws Exception {
        var given = new SettingsReader(
                        Role.REST, new Flags(Map.of()), Map.of("NODE_ENV", "production", "APP_PORT", "3002"), directory)
                .given();
        assertEquals(Map.of("APP_PROFILE", "production", "APP_PORT", "3002"), given);
    }
}
