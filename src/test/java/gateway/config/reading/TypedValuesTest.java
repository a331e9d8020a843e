package gateway.config.reading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import gateway.config.Cidr;
import gateway.config.NewChatLimits;
import gateway.config.ProxyAddress;
import gateway.config.Secret;
import gateway.config.Settings;
import gateway.config.WebClient;
import gateway.config.catalogue.Catalogue;
import gateway.config.catalogue.Setting;

class TypedValuesTest {
    @TempDir
    Path directory;

    @Test
    void aRangeContainsItsAddressesOnly() {
        var range = Cidr.parse("172.16.0.0/12");
        assertFalse(range.contains(InetAddress.ofLiteral("172.32.0.1")));
        assertFalse(range.contains(InetAddress.ofLiteral("::1")));
        assertTrue(range.contains(InetAddress.ofLiteral("172.31.255.255")));
        assertTrue(Cidr.parse("2001:db8::/33").contains(InetAddress.ofLiteral("2001:db8:7fff::1")));
        assertFalse(Cidr.parse("2001:db8::/33").contains(InetAddress.ofLiteral("2001:db8:8000::1")));
        assertFalse(Cidr.parse("192.0.2.1").contains(InetAddress.ofLiteral("192.0.2.2")));
        assertTrue(Cidr.parse("0.0.0.0/0").contains(InetAddress.ofLiteral("192.0.2.2")));
    }

    @Test
    void aTrustedProxyOfTrueIsThisMachineOnly() {
        var proxies = new ConfigGiven(directory)
                .env("APP_TRUSTED_PROXY", "true")
                .settings()
                .http()
                .trustedProxies();
        assertEquals(List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1/128")), proxies);
        assertEquals(
                List.of(Cidr.parse("10.1.0.0/16")),
                new ConfigGiven(directory)
                        .env("APP_TRUSTED_PROXY", "10.1.0.0/16")
                        .settings()
                        .http()
                        .trustedProxies());
    }

    @Test
    void theListenerIsReadAsTheRecordsSay() {
        var http = new ConfigGiven(directory)
                .env("WHATSAPP_API_HOST", "::1")
                .env("APP_BASE_PATH", "/gateway/v1")
                .env("APP_CORS_ALLOWED_ORIGINS", "https://app.example.com,https://b.example:8443")
                .settings()
                .http();
        assertEquals(InetAddress.ofLiteral("::1"), http.host());
        assertEquals("/gateway/v1", http.basePath());
        assertEquals(List.of("https://app.example.com", "https://b.example:8443"), http.corsOrigins());
    }

    @ParameterizedTest
    @CsvSource({"10,20", "40,80", "1,20", "10/5,5", "10/0,0"})
    void aRateWithoutABurstHasTheGuidesOrTwiceTheRate(String text, int burst) {
        var http = new ConfigGiven(directory)
                .env("APP_RATE_LIMIT", text)
                .settings()
                .http();
        assertEquals(burst, http.rate().burst());
    }

    @Test
    void thePublicAddressIsReadWithItsPath() {
        var given = new ConfigGiven(directory).env("APP_PUBLIC_URL", "https://wa.example.org:8443/chat");
        assertEquals(
                Optional.of(java.net.URI.create("https://wa.example.org:8443/chat")),
                given.settings().http().publicUrl());
        assertEquals(
                Optional.empty(), new ConfigGiven(directory).settings().http().publicUrl());
    }

    @Test
    void sizesAndDurationsHaveUnits() {
        var settings = new ConfigGiven(directory)
                .dotEnv(
                        "WHATSAPP_SETTING_MAX_IMAGE_SIZE=5MB",
                        "WHATSAPP_SEND_WAIT=1500ms",
                        "WHATSAPP_PACING_CHAT_DELAY=2s",
                        "WHATSAPP_PACING_CHAT_JITTER=1m",
                        "WHATSAPP_PACING_DAILY_CAP=200",
                        "WHATSAPP_PACING_NEW_CHATS_HOUR=3",
                        "WHATSAPP_PACING_NEW_CHATS_DAY=0",
                        "WHATSAPP_PACING_RESTRICTED_PAUSE=24h")
                .settings();
        assertEquals(5_000_000, settings.limits().image());
        assertEquals(
                new Settings.Sending(
                        Duration.ofMillis(1500),
                        Duration.ofSeconds(2),
                        Duration.ofMinutes(1),
                        Optional.of(200),
                        new NewChatLimits(3, 0, Duration.ofDays(1))),
                settings.sending());
    }

    @Test
    void pacingIsOffByDefaultButForTheNewChats() {
        assertEquals(
                new Settings.Sending(
                        Duration.ofSeconds(10),
                        Duration.ZERO,
                        Duration.ZERO,
                        Optional.empty(),
                        new NewChatLimits(100, 500, Duration.ofHours(1))),
                new ConfigGiven(directory).settings().sending());
    }

    @Test
    void debugIsALogLevel() {
        assertEquals(
                Settings.LogLevel.DEBUG,
                new ConfigGiven(directory)
                        .env("APP_DEBUG", "1")
                        .env("LOG_LEVEL", "warn")
                        .settings()
                        .logLevel());
        assertEquals(
                Settings.LogLevel.WARN,
                new ConfigGiven(directory).env("LOG_LEVEL", "WARN").settings().logLevel());
    }

    @Test
    void theAccountsBehaviourIsRead() {
        var settings = new ConfigGiven(directory)
                .dotEnv(
                        "APP_OS=Firefox",
                        "WHATSAPP_AUTO_REPLY='Back at 9, promised'",
                        "WHATSAPP_AUTO_MARK_READ=yes",
                        "WHATSAPP_AUTO_DOWNLOAD_MEDIA=no",
                        "WHATSAPP_WEB_VERSION=2.3000.7",
                        "WHATSAPP_PROXY_ALLOW_CIDRS=10.1.0.0/16",
                        "WHATSAPP_PROXY=http://me:p%40ss@proxy.lan:3128",
                        "WHATSAPP_AUTO_REJECT_CALL=on",
                        "WHATSAPP_CHAT_STORAGE=off",
                        "WHATSAPP_STRICT_VALIDATION=false",
                        "WHATSAPP_ACCOUNT_VALIDATION=false")
                .settings();
        assertEquals(
                new Settings.WhatsApp(
                        Settings.EngineKind.SANDBOX,
                        new Settings.Twin(Optional.empty(), Optional.empty()),
                        new WebClient(
                                Optional.of("2.3000.7"),
                                Optional.of(new ProxyAddress("proxy.lan", 3128, Optional.of("me"), new Secret("p@ss"))),
                                List.of(Cidr.parse("10.1.0.0/16"))),
                        "Firefox",
                        Optional.of("Back at 9, promised"),
                        true,
                        false,
                        true,
                        false),
                settings.whatsApp());
        assertEquals(new Settings.Api(false, false, new Settings.Downloads(false, List.of())), settings.api());
    }

    @Test
    void everySettingHasHelpAndNoTwoShareANameOrFlag() {
        var names = Catalogue.all().stream().map(Setting::name).toList();
        assertEquals(names.size(), names.stream().distinct().count());
        var flags = Catalogue.all().stream()
                .flatMap(setting -> setting.flags().stream())
                .toList();
        assertEquals(flags.size(), flags.stream().distinct().count());
        assertTrue(Catalogue.all().stream().noneMatch(setting -> setting.help().isBlank()));
    }

    @Test
    void noRecordsTextFormShowsASecret() {
        var settings = new ConfigGiven(directory)
                .dotEnv(
                        "APP_BASIC_AUTH=admin:" + ConfigGiven.STRONG,
                        "WHATSAPP_SECRET=" + ConfigGiven.TOKEN,
                        "DB_URI=postgresql://w:hunter2@localhost/wa",
                        "WHATSAPP_WEBHOOK_SECRET=hunter2hunter2")
                .settings()
                .toString();
        assertFalse(
                settings.contains(ConfigGiven.STRONG)
                        || settings.contains(ConfigGiven.TOKEN)
                        || settings.contains("hunter2"),
                settings);
    }
}
