package gateway.config.source.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.config.Role;
import gateway.config.Secret;
import gateway.config.catalogue.SecretKind;
import gateway.config.reading.SettingsReader;
import gateway.config.source.Flags;

/** What is asked of AWS Secrets Manager, and what becomes of its answers; against {@link LocalAws}, over real HTTP. */
class AwsTest {
    private static final String PASSWORD = "admin:kT8vQ2mZ7xR4nB9wL5cH";

    @TempDir
    Path directory;

    private LocalAws aws;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void start() throws Exception {
        aws = new LocalAws();
        aws.secrets.putAll(Map.of(
                "whatsapp/basic-auth",
                PASSWORD,
                "whatsapp/webhook-secret",
                "{\"value\":\"" + "w".repeat(64) + "\",\"note\":\"n\"}"));
        environment.putAll(Map.of(
                "WHATSAPP_AWS_SECRETS",
                "whatsapp",
                "AWS_REGION",
                "eu-central-1",
                "AWS_ENDPOINT_URL_SECRETS_MANAGER",
                aws.address()));
        key();
    }

    private void key() {
        environment.putAll(
                Map.of("AWS_ACCESS_KEY_ID", LocalAws.KEY.id(), "AWS_SECRET_ACCESS_KEY", LocalAws.KEY.secret()));
    }

    @AfterEach
    void stop() {
        aws.close();
    }

    private SettingsReader reader() {
        return new SettingsReader(Role.REST, new Flags(Map.of()), environment, directory);
    }

    private String error() {
        return reader().read().errors().getFirst().sentence();
    }

    @Test
    void theGuidesIdsAreReadAsTextOrAsJson() {
        var settings = reader().read().settings().orElseThrow();
        assertEquals("admin", settings.auth().users().getFirst().name());
        assertEquals("w".repeat(64), settings.webhook().secret().orElseThrow().reveal());
        assertTrue(settings.admin().token().isEmpty(), "a secret that AWS does not have is not set");
    }

    @Test
    void anotherSecretKeyIsRefusedByAwsAndIsAnError() {
        environment.put("AWS_SECRET_ACCESS_KEY", "wrong-secret-key");
        assertTrue(error().contains("AWS answered 400 InvalidSignatureException"), error());
        assertFalse(error().contains("wrong-secret-key"));
    }

    @Test
    void aForbiddenSecretIsAnErrorNeverAnAbsentOne() {
        aws.secrets.put("whatsapp/admin-token", "FORBIDDEN");
        assertTrue(
                error().startsWith(
                                "ADMIN_TOKEN (AWS secret whatsapp/admin-token) cannot be read: AWS answered 400 AccessDeniedException"),
                error());
    }

    @Test
    void anObjectWithoutTheSecretIsNamed() {
        aws.secrets.put("whatsapp/admin-token", "{\"token\":\"x\"}");
        assertTrue(error().contains("is a JSON object without the member value or password"), error());
    }

    @Test
    void withoutARegionOrAKeyTheSettingToSetIsNamed() {
        environment.remove("AWS_REGION");
        assertTrue(error().contains("set AWS_REGION"), error());
        environment.put("AWS_REGION", "eu-central-1");
        environment.remove("AWS_SECRET_ACCESS_KEY");
        assertTrue(error().contains("set AWS_SECRET_ACCESS_KEY_FILE"), error());
    }

    @Test
    void anInstancesRoleGivesItsTemporaryKeyOnceItWasAskedInTwoSteps() {
        environment.remove("AWS_ACCESS_KEY_ID");
        environment.remove("AWS_SECRET_ACCESS_KEY");
        environment.put("AWS_EC2_METADATA_SERVICE_ENDPOINT", aws.address());
        var reader = reader();
        assertTrue(
                reader.read().settings().isPresent(),
                () -> reader.read().errors().toString());
        assertEquals("PUT /latest/api/token", aws.calls.getFirst());
        assertEquals(
                1, aws.calls.stream().filter("PUT /latest/api/token"::equals).count(), "kept until it ends");
    }

    @Test
    void aNewSecretKeepsTheFormOfTheOldOne() throws Exception {
        var reader = reader();
        assertEquals(
                "AWS secret whatsapp/basic-auth",
                reader.replace(SecretKind.BASIC_AUTH, new Secret("admin:" + "n".repeat(43)))
                        .orElseThrow()
                        .toString());
        assertEquals("admin:" + "n".repeat(43), aws.secrets.get("whatsapp/basic-auth"));
        reader.replace(SecretKind.WEBHOOK_SECRET, new Secret("n".repeat(43)));
        assertEquals(
                "{\"value\":\"" + "n".repeat(43) + "\",\"note\":\"n\"}", aws.secrets.get("whatsapp/webhook-secret"));
    }
}
