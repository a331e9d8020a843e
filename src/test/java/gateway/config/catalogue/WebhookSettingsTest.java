package gateway.config.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.config.Cidr;
import gateway.config.Settings;
import gateway.config.reading.ConfigGiven;

class WebhookSettingsTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://hunter2.example.com",
                "https://",
                "example.com/hunter2",
                "https://u:hunter2@example.com/",
                "https://example.com/#hunter2",
                "https://example.com/hunter2 x",
                "https://example.com:0/hunter2",
                "https://example.com/,,hunter2",
                "https://example.com:99999/"
            })
    void anUnusableUrlIsRefusedWithoutRepeatingIt(String url) {
        var error = new ConfigGiven(directory)
                .env("WHATSAPP_WEBHOOK", url)
                .env("WHATSAPP_WEBHOOK_SECRET", ConfigGiven.TOKEN)
                .error();
        assertTrue(error.startsWith("WHATSAPP_WEBHOOK (environment variable WHATSAPP_WEBHOOK) has "), error);
        assertFalse(error.contains("hunter2"), error);
    }

    @Test
    void aWebhookWithoutASecretIsRefused() {
        var error = new ConfigGiven(directory)
                .env("WHATSAPP_WEBHOOK", "https://example.com/hook")
                .error();
        assertTrue(error.startsWith("WHATSAPP_WEBHOOK_SECRET (default) is not set"), error);
    }

    @Test
    void aShortSecretIsAWarningAndInProductionAnError() {
        var given = new ConfigGiven(directory).dotEnv("WHATSAPP_WEBHOOK_SECRET=short");
        assertTrue(given.warnings().getFirst().contains("fewer than 32 characters"));
        given.env("APP_PROFILE", "production")
                .env("WHATSAPP_SECRET", ConfigGiven.TOKEN)
                .env("WHATSAPP_ENGINE", "web");
        assertTrue(given.error().startsWith("WHATSAPP_WEBHOOK_SECRET (.env line 1) has fewer than 32"));
    }

    @Test
    void plainHttpHasToBeAllowed() {
        var given = new ConfigGiven(directory)
                .env("WHATSAPP_WEBHOOK", "http://127.0.0.1:9000/hook")
                .env("WHATSAPP_WEBHOOK_SECRET", ConfigGiven.TOKEN);
        assertTrue(given.error().contains("WHATSAPP_WEBHOOK_ALLOW_HTTP=true"));
        var webhook = given.env("WHATSAPP_WEBHOOK_ALLOW_HTTP", "true")
                .env("WHATSAPP_WEBHOOK_ALLOW_CIDRS", "127.0.0.0/8")
                .settings()
                .webhook();
        assertEquals(List.of(URI.create("http://127.0.0.1:9000/hook")), webhook.urls());
        assertEquals(List.of(Cidr.parse("127.0.0.0/8")), webhook.allowedCidrs());
    }

    @Test
    void allOfItIsRead() {
        var webhook = new ConfigGiven(directory)
                .dotEnv(
                        "WHATSAPP_WEBHOOK=https://a.example/x?k=1, https://b.example/",
                        "WHATSAPP_WEBHOOK_SECRET=" + ConfigGiven.TOKEN,
                        "WHATSAPP_WEBHOOK_EVENTS=Message,message.ack",
                        "WHATSAPP_WEBHOOK_IGNORE_JIDS=@g.us,6281234567890@s.whatsapp.net,status@broadcast",
                        "WHATSAPP_WEBHOOK_DIALECT=V8",
                        "WHATSAPP_WEBHOOK_INSECURE_SKIP_VERIFY=false")
                .settings()
                .webhook();
        assertEquals(2, webhook.urls().size());
        assertEquals(ConfigGiven.TOKEN, webhook.secret().orElseThrow().reveal());
        assertEquals(Set.of("message", "message.ack"), webhook.events());
        assertEquals(3, webhook.ignoreJids().size());
        assertEquals(Settings.Dialect.V8, webhook.dialect());
    }

    @Test
    void theQueryOfAUrlIsMasked() {
        assertEquals(
                "https://a.example/x?********,https://b.example/",
                WebhookParsers.maskUrls("https://a.example/x?token=1,https://b.example/"));
    }
}
