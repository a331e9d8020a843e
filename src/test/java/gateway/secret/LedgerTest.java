package gateway.secret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.config.Role;
import gateway.config.Secret;
import gateway.config.SecretFile;
import gateway.config.Settings;
import gateway.config.catalogue.SecretKind;
import gateway.config.reading.Configuration;
import gateway.config.source.Flags;

class LedgerTest {
    private static final String FIRST = "f".repeat(40);
    private static final String SECOND = "s".repeat(40);

    @TempDir
    Path directory;

    private Instant now = Instant.parse("2026-11-22T00:00:00Z");
    private KeyRing ring;
    private Ledger ledger;

    @BeforeEach
    void open() {
        ring = KeyRing.file(directory.resolve("encryption.key"));
        ledger = Ledger.in(directory, ring, () -> now);
    }

    private Settings settings(String token) {
        var environment = new HashMap<>(Map.of("APP_BASIC_AUTH", "admin:kT8vQ2mZ7xR4nB9wL5cH"));
        environment.put("WHATSAPP_SECRET", token);
        return Configuration.load(new Flags(Map.of()), environment, directory)
                .settings()
                .orElseThrow();
    }

    private static String token(Settings settings) {
        return settings.auth().apiToken().orElseThrow().reveal();
    }

    @Test
    void noSecretStandsInTheFileInClear() throws Exception {
        ledger.begin(SecretKind.API_TOKEN, new Secret(FIRST), now.plusSeconds(60));
        ledger.supersede(SecretKind.API_TOKEN, new Secret(FIRST), new Secret(SECOND));
        var text = Files.readString(directory.resolve("ledger.json"));
        assertTrue(text.contains("api-token"));
        assertFalse(text.contains(FIRST) || text.contains(SECOND), text);
    }

    @Test
    void theOldOneIsGoodUntilItsTimeAndThenForgotten() {
        ledger.begin(SecretKind.API_TOKEN, new Secret(FIRST), now.plus(Duration.ofHours(24)));
        var settings = settings(SECOND);
        assertEquals(
                FIRST,
                ledger.read()
                        .old(SecretKind.API_TOKEN, settings, now)
                        .orElseThrow()
                        .secret()
                        .reveal());
        assertEquals(
                Optional.empty(),
                ledger.read().old(SecretKind.API_TOKEN, settings(FIRST), now),
                "it is not old while it is in force");
        now = now.plus(Duration.ofHours(24));
        assertEquals(Optional.empty(), ledger.read().old(SecretKind.API_TOKEN, settings, now));
        assertEquals(Set.of(SecretKind.API_TOKEN), ledger.observe(settings));
        assertEquals(
                Optional.empty(),
                ledger.read().entry(SecretKind.API_TOKEN).orElseThrow().old());
        assertEquals(Set.of(), ledger.observe(settings));
    }

    @Test
    void whatStandsInForASourceCountsUntilTheSourceChanges() {
        ledger.supersede(SecretKind.API_TOKEN, new Secret(FIRST), new Secret(SECOND));
        assertEquals(SECOND, token(ledger.read().applied(settings(FIRST))));
        var others = "o".repeat(40);
        assertEquals(others, token(ledger.read().applied(settings(others))), "an operator's new credential wins");
    }

    @Test
    void ageCountsFromTheChangeAndOutlivesRestarts() {
        ledger.observe(settings(FIRST));
        long since = now.toEpochMilli();
        now = now.plus(Duration.ofDays(30));
        Ledger.in(directory, ring, () -> now).observe(settings(FIRST));
        assertEquals(
                since, ledger.read().entry(SecretKind.API_TOKEN).orElseThrow().since());
        ledger.observe(settings(SECOND));
        assertEquals(
                now.toEpochMilli(),
                ledger.read().entry(SecretKind.API_TOKEN).orElseThrow().since());
        assertEquals(
                since, ledger.read().entry(SecretKind.BASIC_AUTH).orElseThrow().since());
    }

    @Test
    void theLastUseOfTheOldOneIsKept() {
        ledger.begin(SecretKind.BASIC_AUTH, new Secret("admin:old"), now.plusSeconds(60));
        ledger.oldUsed(SecretKind.BASIC_AUTH, now.plusSeconds(5));
        assertEquals(
                now.plusSeconds(5).toEpochMilli(),
                ledger.read().entry(SecretKind.BASIC_AUTH).orElseThrow().oldUsed());
    }

    @Test
    void aCommandWaitsForARunningServerOnly() throws Exception {
        assertFalse(ledger.awaited(ledger.touch()), "none runs");
        long revision;
        try (var serving = ledger.serve(Role.ADMIN)) {
            revision = ledger.touch();
            assertTrue(ledger.awaited(revision));
            ledger.taken(Role.ADMIN, revision);
            assertFalse(ledger.awaited(revision));
            revision = ledger.touch();
        }
        assertFalse(ledger.awaited(revision), "it is gone");
    }

    @Test
    void whatStandsUnderAnOlderKeyIsPutUnderTheNewOne() throws Exception {
        ledger.begin(SecretKind.API_TOKEN, new Secret(FIRST), now.plusSeconds(60));
        var keys = ring.withNew();
        SecretFile.write(directory.resolve("encryption.key"), String.join("\n", keys));
        Ledger.in(directory, KeyRing.file(directory.resolve("encryption.key")), () -> now)
                .rewrap();
        SecretFile.write(directory.resolve("encryption.key"), keys.getFirst());
        var after = Ledger.in(directory, KeyRing.file(directory.resolve("encryption.key")), () -> now);
        assertEquals(
                FIRST,
                after.read()
                        .entry(SecretKind.API_TOKEN)
                        .orElseThrow()
                        .old()
                        .orElseThrow()
                        .reveal());
    }

    @Test
    void anotherKeyDoesNotOpenItAndAChangedFileIsRefused() throws Exception {
        ledger.begin(SecretKind.API_TOKEN, new Secret(FIRST), now.plusSeconds(60));
        var stranger = Ledger.in(directory, KeyRing.file(directory.resolve("b.key")), () -> now);
        assertTrue(assertThrows(IllegalStateException.class, stranger::read)
                .getMessage()
                .contains("encryption key"));
        var text = Files.readString(directory.resolve("ledger.json"));
        Files.writeString(directory.resolve("ledger.json"), text.replaceFirst("\"old\" : \"....", "\"old\" : \"AAAA"));
        assertThrows(IllegalStateException.class, ledger::read);
    }
}
