package gateway.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;

import gateway.config.Secret;
import gateway.config.Settings;
import gateway.webhook.Endpoint;

/** The endpoints of {@code WHATSAPP_WEBHOOK}, as the server makes them. */
class ConfiguredWebhooksTest {
    /** Deliveries name it, so that they find their endpoint after a restart, and after an upgrade. */
    @Test
    void anEndpointKeepsTheIdOfItsUrlWhateverElseChanges() {
        var one = endpoint(
                "https://example.com/a", "4f1c7a0d9b2e48f6a3c5d7e9f1b3a5c7", Set.of("message"), List.of("@g.us"));
        assertEquals("env_2dce0a4c5044", one.id());
        assertEquals(
                one.id(),
                endpoint("https://example.com/a", "another-secret-of-32-characters-0", Set.of(), List.of())
                        .id());
        assertNotEquals(
                one.id(),
                endpoint("https://example.com/b", "4f1c7a0d9b2e48f6a3c5d7e9f1b3a5c7", Set.of(), List.of())
                        .id());
        assertEquals(Set.of("message"), one.events());
        assertEquals(List.of("@g.us"), one.ignored());
        assertTrue(one.configured() && one.enabled() && one.device().isEmpty());
    }

    private static Endpoint endpoint(String url, String secret, Set<String> events, List<String> ignored) {
        return ConfiguredWebhooks.of(
                        new Settings.Webhook(
                                List.of(URI.create(url)),
                                List.of(),
                                Optional.of(new Secret(secret)),
                                events,
                                ignored,
                                Settings.Dialect.V8,
                                false,
                                List.of()),
                        Optional.empty())
                .getFirst();
    }
}
