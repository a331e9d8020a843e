package gateway.config.reading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.config.Role;
import gateway.config.SettingProblem;
import gateway.config.Settings.Profile;
import gateway.config.source.Flags;

/** A rehearsal is production in everything, but that WhatsApp may be a twin on a loopback address. */
class RehearsalTest {
    private static final String KEY = "0a".repeat(32);
    private static final String TWIN = "ws://127.0.0.1:9399/ws/chat";
    private static final String WEBHOOK = "https://app.example.com/hook";
    /** Settings that some rule has something to say about: one entry for each rule, and one for what is right. */
    private static final Map<String, Map<String, String>> CASES = Map.ofEntries(
            Map.entry("nothing wrong", Map.of("WHATSAPP_SECRET", ConfigGiven.TOKEN)),
            Map.entry("no credential", Map.of()),
            Map.entry("no credential, to everybody", Map.of("APP_HOST", "0.0.0.0")),
            Map.entry("short password", Map.of("APP_BASIC_AUTH", "ada:short-password")),
            Map.entry("printed password", Map.of("APP_BASIC_AUTH", "ada:your-secure-password-here")),
            Map.entry("clear password", Map.of("APP_BASIC_AUTH", "ada:" + ConfigGiven.STRONG)),
            Map.entry("printed token", Map.of("WHATSAPP_SECRET", "0123456789abcdef0123456789abcdef")),
            Map.entry(
                    "printed key",
                    Map.of("WHATSAPP_SECRET", ConfigGiven.TOKEN, "WHATSAPP_ENCRYPTION_KEY", "A".repeat(43) + "=")),
            Map.entry(
                    "one token for both",
                    Map.of("WHATSAPP_SECRET", ConfigGiven.TOKEN, "ADMIN_TOKEN", ConfigGiven.TOKEN)),
            Map.entry(
                    "webhook without a secret",
                    Map.of("WHATSAPP_SECRET", ConfigGiven.TOKEN, "WHATSAPP_WEBHOOK", WEBHOOK)),
            Map.entry(
                    "webhook with a weak secret",
                    Map.of(
                            "WHATSAPP_SECRET",
                            ConfigGiven.TOKEN,
                            "WHATSAPP_WEBHOOK",
                            WEBHOOK,
                            "WHATSAPP_WEBHOOK_SECRET",
                            "sixteen-letters!")),
            Map.entry(
                    "webhook in clear",
                    Map.of(
                            "WHATSAPP_SECRET",
                            ConfigGiven.TOKEN,
                            "WHATSAPP_WEBHOOK",
                            "http://app.example.com/hook",
                            "WHATSAPP_WEBHOOK_SECRET",
                            ConfigGiven.TOKEN)),
            Map.entry(
                    "webhook in clear, allowed",
                    Map.of(
                            "WHATSAPP_SECRET",
                            ConfigGiven.TOKEN,
                            "WHATSAPP_WEBHOOK",
                            "http://app.example.com/hook",
                            "WHATSAPP_WEBHOOK_SECRET",
                            ConfigGiven.TOKEN,
                            "WHATSAPP_WEBHOOK_ALLOW_HTTP",
                            "true")),
            Map.entry(
                    "downloads in clear",
                    Map.of("WHATSAPP_SECRET", ConfigGiven.TOKEN, "WHATSAPP_DOWNLOAD_ALLOW_HTTP", "true")),
            Map.entry(
                    "metrics to everybody",
                    Map.of("WHATSAPP_SECRET", ConfigGiven.TOKEN, "APP_METRICS_HOST", "0.0.0.0")),
            Map.entry("one port for both", Map.of("WHATSAPP_SECRET", ConfigGiven.TOKEN, "APP_METRICS_PORT", "3000")),
            Map.entry("no engine", Map.of("WHATSAPP_SECRET", ConfigGiven.TOKEN, "WHATSAPP_ENGINE", "")),
            Map.entry("sandbox", Map.of("WHATSAPP_SECRET", ConfigGiven.TOKEN, "WHATSAPP_ENGINE", "sandbox")),
            Map.entry(
                    "origin in clear",
                    Map.of("WHATSAPP_SECRET", ConfigGiven.TOKEN, "APP_CORS_ALLOWED_ORIGINS", "http://app.example.com")),
            Map.entry(
                    "database password that is printed",
                    Map.of(
                            "WHATSAPP_SECRET",
                            ConfigGiven.TOKEN,
                            "DB_URI",
                            "postgresql://whatsapp:changeme@127.0.0.1/whatsapp")),
            Map.entry("accepted database", Map.of("WHATSAPP_SECRET", ConfigGiven.TOKEN, "APP_ACCEPT_DATABASE", "true")),
            Map.entry(
                    "a text that is too long",
                    Map.of("WHATSAPP_SECRET", ConfigGiven.TOKEN, "WHATSAPP_AUTO_REPLY", "x".repeat(5_000))));

    @TempDir
    Path directory;

    private ConfigGiven given(String profile, Map<String, String> settings) {
        var given = new ConfigGiven(directory).env("APP_PROFILE", profile).env("WHATSAPP_ENGINE", "web");
        settings.forEach(given::env);
        return given;
    }

    private static List<String> sentences(List<SettingProblem> problems) {
        return problems.stream().map(SettingProblem::sentence).toList();
    }

    @Test
    void everyRuleSaysTheSameInBothProfilesAndSomeAreStricterThanInDevelopment() {
        var stricter = new ArrayList<String>();
        CASES.forEach((name, settings) -> {
            var production = given("production", settings).load();
            var rehearsal = given("rehearsal", settings).load();
            assertEquals(sentences(production.errors()), sentences(rehearsal.errors()), name);
            assertEquals(sentences(production.warnings()), sentences(rehearsal.warnings()), name);
            if (!sentences(given("development", settings).load().errors()).equals(sentences(production.errors()))) {
                stricter.add(name);
            }
        });
        assertTrue(stricter.size() >= 4, stricter::toString);
    }

    @Test
    void theAdminApiIsAsStrictToo() {
        for (var settings :
                List.of(Map.<String, String>of(), Map.of("ADMIN_TOKEN", ConfigGiven.TOKEN, "ADMIN_HOST", "0.0.0.0"))) {
            var told = Stream.of("production", "rehearsal")
                    .map(profile -> {
                        var all = new java.util.HashMap<>(settings);
                        all.put("APP_PROFILE", profile);
                        return sentences(new SettingsReader(Role.ADMIN, new Flags(Map.of()), all, directory)
                                .read()
                                .errors());
                    })
                    .distinct()
                    .toList();
            assertEquals(1, told.size(), told::toString);
            assertFalse(told.getFirst().isEmpty());
        }
    }

    /** Whoever asks «is it production» would forget the rehearsal: only the profile itself knows its three names. */
    @Test
    void noCodeAsksWhichProfileItIs() throws IOException {
        var named = Pattern.compile("Profile\\.(DEVELOPMENT|PRODUCTION|REHEARSAL)|[sS]ettings\\.profile\\(\\) *[!=]=");
        var found = new ArrayList<String>();
        try (var files = Files.walk(Path.of(System.getProperty("basedir", "."), "src/main/java"))) {
            for (var file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                if (named.matcher(Files.readString(file)).find()) {
                    found.add(file.getFileName().toString());
                }
            }
        }
        assertEquals(List.of(), found);
    }

    @ParameterizedTest
    @CsvSource({"development, true", "rehearsal, true", "production, false"})
    void aTwinIsForEveryProfileButProduction(String profile, boolean allowed) {
        var loaded = given(
                        profile,
                        Map.of(
                                "WHATSAPP_SECRET",
                                ConfigGiven.TOKEN,
                                "WHATSAPP_WEB_URL",
                                TWIN,
                                "WHATSAPP_WEB_ROOT_KEY",
                                KEY))
                .load();
        assertEquals(
                allowed, loaded.settings().isPresent(), () -> loaded.errors().toString());
        if (!allowed) {
            assertTrue(loaded.errors().toString().contains("WHATSAPP_WEB_URL")
                    && loaded.errors().toString().contains("WHATSAPP_WEB_ROOT_KEY"));
        }
    }

    @Test
    void aProfileThatIsNotUnderstoodAllowsNoTwin() {
        var errors = given(
                        "staging",
                        Map.of(
                                "WHATSAPP_SECRET",
                                ConfigGiven.TOKEN,
                                "WHATSAPP_WEB_URL",
                                TWIN,
                                "WHATSAPP_WEB_ROOT_KEY",
                                KEY))
                .load()
                .errors()
                .toString();
        assertTrue(errors.contains("APP_PROFILE") && errors.contains("WHATSAPP_WEB_URL"), errors);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ws://192.168.1.5:9399/ws/chat",
                "ws://0.0.0.0:9399/ws/chat",
                "ws://10.0.0.1:1/",
                "ws://[2001:db8::1]:9399/ws/chat",
                "ws://[::]:9399/ws/chat",
                "ws://127.0.0.1.example.com:9399/ws/chat",
                "ws://localhost.example.com:9399/ws/chat",
                "ws://example.com:9399/",
                "ws://LOCALHOST.:9399/",
                "ws://localhost:0/",
                "ws://127.0.0.1@example.com:9399/",
                "ws://user@127.0.0.1:9399/",
                "ws://2130706433:9399/",
                "ws://127.1:9399/",
                "ws://0177.0.0.1:9399/",
                "ws://0x7f.0.0.1:9399/",
                "ws://127.0.0.256:9399/",
                "ws://128.0.0.1:9399/",
                "ws://169.254.169.254:80/",
                "wss://127.0.0.1:9399/",
                "http://127.0.0.1:9399/",
                "ws://127.0.0.1/ws/chat",
                "ws://127.0.0.1:70000/",
                "ws://127.0.0.1:9399/?a=b",
                "ws://127.0.0.1:9399/#a",
                "ws:127.0.0.1:9399",
                "ws://[::ffff:192.168.1.5]:9399/",
                "ws://[fe80::1%25eth0]:9399/"
            })
    void noProfileTakesATwinOutsideOfLoopbackNorByAName(String address) {
        for (var profile : Profile.values()) {
            var errors = given(
                            profile.text(),
                            Map.of(
                                    "WHATSAPP_SECRET",
                                    ConfigGiven.TOKEN,
                                    "WHATSAPP_WEB_URL",
                                    address,
                                    "WHATSAPP_WEB_ROOT_KEY",
                                    KEY))
                    .load()
                    .errors()
                    .toString();
            assertTrue(
                    errors.contains("WHATSAPP_WEB_URL") && errors.contains("give an address such as"),
                    profile + " " + address + " " + errors);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ws://127.0.0.1:9399/ws/chat, ws://127.0.0.1:9399/ws/chat",
        "ws://localhost:9399/ws/chat, ws://127.0.0.1:9399/ws/chat",
        "ws://127.8.9.10:1/, ws://127.8.9.10:1/",
        "ws://[::1]:65535/ws/chat, 'ws://[0:0:0:0:0:0:0:1]:65535/ws/chat'"
    })
    void whatIsTakenIsALiteralLoopbackAddress(String address, String taken) {
        var settings = given(
                        "rehearsal",
                        Map.of(
                                "WHATSAPP_SECRET",
                                ConfigGiven.TOKEN,
                                "WHATSAPP_WEB_URL",
                                address,
                                "WHATSAPP_WEB_ROOT_KEY",
                                KEY))
                .settings();
        assertEquals(taken, settings.whatsApp().twin().url().orElseThrow().toString());
    }

    @ParameterizedTest
    @EnumSource(Profile.class)
    void eachProfileIsReadByItsOwnName(Profile profile) {
        assertEquals(
                profile,
                given(profile.text(), Map.of("WHATSAPP_SECRET", ConfigGiven.TOKEN))
                        .settings()
                        .profile());
        assertEquals(profile != Profile.DEVELOPMENT, profile.holdsProductionRules());
        assertEquals(profile != Profile.PRODUCTION, profile.allowsTwin());
    }
}
