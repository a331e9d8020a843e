package gateway.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.engine.Event;
import gateway.engine.Jid;
import gateway.secret.Seals;
import gateway.store.SqlDialect;
import gateway.webhook.payload.PayloadDialect;

@ParameterizedClass
@EnumSource(SqlDialect.class)
class EndpointBookTest {
    @Parameter
    SqlDialect dialect;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0123456789abcdef0123456789abcdef",
                "a3d8f7e2b9c1d4e5f6a7b8c9d0e1f2a3",
                "whsec_0123456789abcdef0123456789abcdef",
                "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
                "abcabcabcabcabcabcabcabcabcabcabc"
            })
    void inProductionASecretThatEverybodyCanKnowIsRefusedOnEveryWay(String known) {
        try (var rig = new WebhookRig(dialect, directory)) {
            var book = EndpointBook.beside(
                    rig.store,
                    Seals.of(rig.store, directory),
                    WebhookGiven.LOOPBACK,
                    SecretPolicy.PRODUCTION,
                    List.of(),
                    rig.clock);
            assertKnown(known, () -> book.add(EndpointDraft.of("https://example.com/", known)));
            assertEquals(0, book.all().size());
            var id = book.add(EndpointDraft.of("https://example.com/", WebhookGiven.SECRET))
                    .endpoint()
                    .id();
            var kept = book.find(id).orElseThrow().secretFingerprint();
            assertKnown(known, () -> book.change(id, secret(known)));
            assertKnown(known, () -> book.rotateSecret(id, known, Duration.ofHours(1)));
            assertEquals(kept, book.find(id).orElseThrow().secretFingerprint());
            assertEquals(Optional.empty(), book.find(id).orElseThrow().overlapUntil());
        }
    }

    @Test
    void inProductionASecretIsAsLongAsTheConfiguredOneMustBe() {
        var short31 = "Zk3uT9aQw7Lr2Xv8Bn5Ye1Hd6Mc4Pg0";
        assertEquals(short31, SecretPolicy.DEVELOPMENT.checked(short31));
        var refused = assertThrows(InvalidEndpoint.class, () -> SecretPolicy.PRODUCTION.checked(short31));
        assertTrue(refused.getMessage().contains("32 to 256 characters"), refused.getMessage());
        assertEquals(short31 + "s", SecretPolicy.PRODUCTION.checked(short31 + "s"));
    }

    @Test
    void aStoredSecretThatWouldNotBeTakenTodayIsNoHindranceToOtherChanges() {
        try (var rig = new WebhookRig(dialect, directory)) {
            var old = "0123456789abcdef0123456789abcdef";
            var id = rig.webhooks
                    .endpoints()
                    .add(EndpointDraft.of("https://example.com/", old))
                    .endpoint()
                    .id();
            var book = EndpointBook.beside(
                    rig.store,
                    Seals.of(rig.store, directory),
                    WebhookGiven.LOOPBACK,
                    SecretPolicy.PRODUCTION,
                    List.of(),
                    rig.clock);
            assertEquals(
                    "https://example.com/new",
                    book.change(id, EndpointDraft.of("https://example.com/new", old))
                            .orElseThrow()
                            .endpoint()
                            .url());
        }
    }

    private static void assertKnown(String secret, Executable call) {
        var refused = assertThrows(InvalidEndpoint.class, call);
        assertEquals("secret", refused.field());
        assertFalse(refused.getMessage().contains(secret), "it is not repeated");
    }

    private static EndpointDraft secret(String secret) {
        return new EndpointDraft(
                Optional.empty(),
                Optional.of(secret),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void aSecretIsSealedInTheDatabaseAndSurvivesARestart() throws Exception {
        String id;
        try (var rig = new WebhookRig(dialect, directory)) {
            id = rig.webhooks
                    .endpoints()
                    .add(EndpointDraft.of("https://example.com/", WebhookGiven.SECRET))
                    .endpoint()
                    .id();
            var sealed = rig.store
                    .one(row -> row.text(1), "SELECT secret FROM webhook_endpoint")
                    .orElseThrow();
            assertFalse(sealed.contains(WebhookGiven.SECRET));
        }
        try (var rig = new WebhookRig(dialect, directory)) {
            assertEquals(
                    WebhookGiven.SECRET,
                    rig.webhooks
                            .endpoints()
                            .find(id)
                            .orElseThrow()
                            .endpoint()
                            .secrets()
                            .current());
        }
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("encryption.key"))));
    }

    @Test
    void aChangedSecretLeavesTheOldOneValidForADay() {
        try (var rig = new WebhookRig(dialect, directory)) {
            var book = rig.webhooks.endpoints();
            var id = book.add(EndpointDraft.of("https://example.com/", WebhookGiven.SECRET))
                    .endpoint()
                    .id();
            var changed = book.change(
                            id,
                            new EndpointDraft(
                                    Optional.empty(),
                                    Optional.of("fresh-secret-fresh"),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty()))
                    .orElseThrow();
            assertEquals(
                    List.of("fresh-secret-fresh", WebhookGiven.SECRET),
                    changed.endpoint().secrets().valid(rig.clock.millis()));
            rig.clock.advance(EndpointBook.OVERLAP);
            assertEquals(
                    List.of("fresh-secret-fresh"), changed.endpoint().secrets().valid(rig.clock.millis()));
        }
    }

    @Test
    void filtersKeepOutWhatIsNotWanted() {
        var group = Jid.parse("120363025246125486@g.us");
        var inGroup = new Event.Message(
                "m", group, WebhookGiven.SENDER, false, "", new gateway.engine.Content.Text("x", "", false, 0), 1);
        assertFalse(filtered(Set.of("message.ack"), List.of()).wants(WebhookGiven.ACCOUNT, inGroup));
        assertFalse(filtered(Set.of(), List.of("@g.us")).wants(WebhookGiven.ACCOUNT, inGroup));
        assertFalse(filtered(Set.of(), List.of(WebhookGiven.SENDER.toString())).wants(WebhookGiven.ACCOUNT, inGroup));
        assertTrue(
                filtered(Set.of("message"), List.of("@s.whatsapp.net", "@lid")).wants(WebhookGiven.ACCOUNT, inGroup));
        assertFalse(filtered(Set.of(), List.of("@s.whatsapp.net"))
                .wants(WebhookGiven.ACCOUNT, WebhookGiven.message("m", "x")));
    }

    private static Endpoint filtered(Set<String> events, List<String> ignored) {
        return new Endpoint(
                "a",
                "https://example.com/",
                EndpointSecrets.of(WebhookGiven.SECRET),
                events,
                ignored,
                PayloadDialect.V7,
                true,
                "",
                true);
    }
}
