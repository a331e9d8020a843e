package gateway.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.store.SqlDialect;

/** What an endpoint must not have is refused by its name. */
@ParameterizedClass
@EnumSource(SqlDialect.class)
class EndpointRefusalTest {
    private static final EndpointDraft NOTHING = new EndpointDraft(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    @Parameter
    SqlDialect dialect;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "ftp://example.com/, 0123456789abcdef, url",
        "http://10.0.0.1/, 0123456789abcdef, url",
        "https://example.com/, short, secret",
        "https://example.com/, '0123456789 abcdef', secret",
        "https://example.com/, whsec_!!!!!!!!!!!!!!, secret"
    })
    void aBadFieldIsNamed(String url, String secret, String field) {
        try (var rig = new WebhookRig(dialect, directory)) {
            assertEquals(
                    field,
                    assertThrows(
                                    InvalidEndpoint.class,
                                    () -> rig.webhooks.endpoints().add(EndpointDraft.of(url, secret)))
                            .field());
            assertEquals(0, rig.webhooks.endpoints().all().size());
        }
    }

    @Test
    void unknownEventsAddressesFormsAndAccountsAreNamed() {
        try (var rig = new WebhookRig(dialect, directory)) {
            assertEquals("events", refused(rig, draft(List.of("mesage"), List.of(), "v7", "")));
            assertEquals("ignore", refused(rig, draft(List.of(), List.of("somebody"), "v7", "")));
            assertEquals("dialect", refused(rig, draft(List.of(), List.of(), "v6", "")));
            assertEquals("device", refused(rig, draft(List.of(), List.of(), "v7", "nobody")));
        }
    }

    @Test
    void aConfiguredEndpointIsChangedInTheConfigurationOnly() {
        try (var rig = new WebhookRig(dialect, directory, WebhookGiven.endpoint("env-1", "https://example.com/"))) {
            assertThrows(InvalidEndpoint.class, () -> rig.webhooks.endpoints().remove("env-1"));
            assertThrows(InvalidEndpoint.class, () -> rig.webhooks.endpoints().change("env-1", NOTHING));
        }
    }

    private static EndpointDraft draft(List<String> events, List<String> ignored, String dialect, String device) {
        return new EndpointDraft(
                Optional.of("https://example.com/"),
                Optional.of(WebhookGiven.SECRET),
                Optional.of(events),
                Optional.of(ignored),
                Optional.of(dialect),
                Optional.of(device),
                Optional.empty());
    }

    private static String refused(WebhookRig rig, EndpointDraft draft) {
        return assertThrows(
                        InvalidEndpoint.class, () -> rig.webhooks.endpoints().add(draft))
                .field();
    }
}
