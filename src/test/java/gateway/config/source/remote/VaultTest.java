package gateway.config.source.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.config.Role;
import gateway.config.Secret;
import gateway.config.catalogue.SecretKind;
import gateway.config.reading.Configuration;
import gateway.config.reading.SettingsReader;
import gateway.config.source.Flags;

/** What is asked of Vault, and what becomes of its answers; against {@link LocalVault}, over real HTTP. */
class VaultTest {
    private static final String PASSWORD = "admin:kT8vQ2mZ7xR4nB9wL5cH";

    @TempDir
    Path directory;

    private LocalVault vault;
    private final Map<String, String> environment = new HashMap<>();
    private Instant now = Instant.parse("2026-11-22T00:00:00Z");

    @BeforeEach
    void start() throws Exception {
        vault = new LocalVault()
                .put("basic_auth", PASSWORD)
                .put("webhook_secret", "w".repeat(64))
                .put("other", "theirs");
        environment.putAll(Map.of(
                "WHATSAPP_VAULT_PATH", "secret/whatsapp", "VAULT_ADDR", vault.address(), "VAULT_TOKEN", "root-token"));
    }

    @AfterEach
    void stop() {
        vault.close();
    }

    private Configuration load() {
        return new SettingsReader(Role.REST, new Flags(Map.of()), environment, directory).read();
    }

    private String error() {
        return load().errors().getFirst().sentence();
    }

    private VaultClient client() throws StoreTrouble {
        return new VaultClient(name -> Optional.ofNullable(environment.get(name)), () -> now);
    }

    @Test
    void theGuidesFieldsAreRead() {
        var settings = load().settings().orElseThrow();
        assertEquals("admin", settings.auth().users().getFirst().name());
        assertEquals("w".repeat(64), settings.webhook().secret().orElseThrow().reveal());
    }

    @Test
    void whatStandsOnThisMachineCountsBeforeIt() {
        environment.put("APP_BASIC_AUTH", "local:kT8vQ2mZ7xR4nB9wL5cH");
        assertEquals(
                "local",
                load().settings().orElseThrow().auth().users().getFirst().name());
    }

    @Test
    void aForbiddenTokenIsAnErrorNeverAnAbsentSecret() {
        environment.put("VAULT_TOKEN", "stolen");
        assertTrue(error().contains("WHATSAPP_VAULT_PATH (Vault) is forbidden"), error());
        assertFalse(error().contains("stolen"));
    }

    @Test
    void aMissingPathAndAnUnreachableVaultAreErrors() {
        environment.put("WHATSAPP_VAULT_PATH", "secret/elsewhere");
        assertTrue(error().contains("names a path that Vault does not have"), error());
        vault.close();
        var unreachable = error();
        assertTrue(unreachable.contains("cannot be reached"), unreachable);
    }

    @Test
    void aPlainAddressOnTheNetworkIsRefused() {
        environment.put("VAULT_ADDR", "http://vault.example.com:8200");
        assertTrue(error().contains("VAULT_ADDR is no https address"), error());
        environment.put("VAULT_ADDR", "\"" + vault.address() + "\"");
        assertTrue(error().contains("VAULT_ADDR stands in quotation marks"), error());
    }

    @Test
    void aVaultThatIsJustStartingIsWaitedFor() {
        vault.failures = 2;
        assertTrue(load().settings().isPresent());
    }

    @Test
    void anAppRoleLogsInOnceAndAgainWhenItsTokenIsGone() throws Exception {
        environment.remove("VAULT_TOKEN");
        environment.putAll(Map.of("VAULT_ROLE_ID", "role", "VAULT_SECRET_ID", "secret-id"));
        var client = client();
        client.read("secret/whatsapp");
        client.read("secret/whatsapp");
        assertEquals(
                1,
                vault.calls.stream().filter("POST auth/approle/login"::equals).count());
        vault.revokeAll();
        client.read("secret/whatsapp");
        assertEquals(
                2,
                vault.calls.stream().filter("POST auth/approle/login"::equals).count());
        environment.put("VAULT_SECRET_ID", "another");
        assertTrue(assertThrows(StoreTrouble.class, () -> client().read("secret/whatsapp"))
                .getMessage()
                .contains("AppRole"));
    }

    @Test
    void aTokenIsRenewedWhenTwoThirdsOfItsTimeAreOver() throws Exception {
        var client = client();
        client.read("secret/whatsapp");
        now = now.plusSeconds(59);
        client.read("secret/whatsapp");
        assertFalse(vault.calls.contains("POST auth/token/renew-self"));
        now = now.plusSeconds(2);
        client.read("secret/whatsapp");
        assertTrue(vault.calls.contains("POST auth/token/renew-self"));
    }

    @Test
    void aNewSecretIsANewVersionAndLeavesTheOtherFields() throws Exception {
        var reader = new SettingsReader(Role.REST, new Flags(Map.of()), environment, directory);
        int before = vault.version();
        assertEquals(
                "field webhook_secret of secret/whatsapp in Vault",
                reader.replace(SecretKind.WEBHOOK_SECRET, new Secret("n".repeat(43)))
                        .orElseThrow()
                        .toString());
        assertEquals(before + 1, vault.version());
        assertEquals("n".repeat(43), vault.get("webhook_secret"));
        assertEquals("theirs", vault.get("other"));
        assertEquals(
                "n".repeat(43),
                reader.read()
                        .settings()
                        .orElseThrow()
                        .webhook()
                        .secret()
                        .orElseThrow()
                        .reveal());
    }
}
