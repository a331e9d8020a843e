package gateway.engine;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import gateway.engine.PasskeyStep.Assertion;
import gateway.engine.PasskeyStep.State;
import gateway.engine.web.WebEngine;
import gateway.store.Database;
import gateway.store.Store;
import gateway.twin.web.Twin;
import gateway.twin.web.TwinControl;

/** The passkey step of an account in front of a twin, with a clock that the test moves. */
@Timeout(120)
class PasskeyStepTest {
    private static final String OWN = "6281111111111";
    private static final String PHONE = "/phones/" + OWN;
    private static final String DEVICE = "default";

    @TempDir
    Path folder;

    private final AtomicLong ahead = new AtomicLong();
    private Twin twin;
    private TwinControl control;
    private Store store;
    private WebEngine engine;
    private Session session;

    @BeforeEach
    void start() throws Exception {
        twin = new Twin(0);
        control = new TwinControl(twin);
        control.post("/phones", Map.of("number", OWN));
        control.fault("passkey", "whatsapp.com");
        store = Store.open(new Database.Sqlite(folder.resolve("whatsapp.db")));
        store.write(tx -> tx.insert("INSERT INTO device (id, engine, created_at) VALUES (?, 'web', 1)", DEVICE));
        engine = new WebEngine(
                Optional.of(URI.create(twin.webSocket())),
                Optional.of(twin.rootKey()),
                "Chrome",
                Optional.empty(),
                Optional.empty(),
                AccountProxies.PUBLIC,
                EngineSide.CLEAR,
                () -> Instant.now().plusMillis(ahead.get()));
        session = engine.open(DEVICE, store, (events, beside) -> store.write(beside));
    }

    @AfterEach
    void stop() throws Exception {
        session.close();
        engine.close();
        store.close();
        twin.close();
    }

    private void scanned() {
        control.post(PHONE + "/scan", Map.of("qr", session.pair().text()));
    }

    private <S extends State> S reached(Class<S> kind) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> kind.isInstance(session.passkey().state()));
        return kind.cast(session.passkey().state());
    }

    private Assertion answer() throws Exception {
        JsonNode options = new ObjectMapper()
                .readTree(reached(State.AwaitingResponse.class).options());
        JsonNode made =
                control.post(PHONE + "/passkey", Map.of("options", options, "origin", "https://web.whatsapp.com"));
        JsonNode response = made.path("response");
        return new Assertion(
                bytes(made, "rawId"),
                bytes(response, "clientDataJSON"),
                bytes(response, "authenticatorData"),
                bytes(response, "signature"),
                Optional.of(bytes(response, "userHandle")));
    }

    private static byte[] bytes(JsonNode holder, String name) {
        return Base64.getUrlDecoder().decode(holder.get(name).textValue());
    }

    private void linked() {
        await().atMost(Duration.ofSeconds(20)).until(() -> session.status().loggedIn() && control.devices(OWN) == 1);
    }

    @Test
    void anAnswerInTimeNeedsNoComparison() throws Exception {
        scanned();
        session.passkey().respond(answer());
        linked();
        assertEquals(1, control.seen("passkey accepted", "handed off"));
        assertInstanceOf(State.None.class, session.passkey().state());
    }

    @Test
    void aDemandThatCannotBeReadIsAskedFor() throws Exception {
        control.fault("passkey_unreadable", "true");
        scanned();
        session.passkey().respond(answer());
        linked();
    }

    @Test
    void aLateAnswerIsComparedByItsCode() throws Exception {
        scanned();
        Assertion answer = answer();
        ahead.addAndGet(Duration.ofMinutes(5).toMillis());
        session.passkey().respond(answer);
        State.AwaitingConfirmation shown = reached(State.AwaitingConfirmation.class);
        assertFalse(shown.automatic());
        assertEquals(control.get(PHONE + "/passkey-code").get("code").asText(), shown.code());
        assertEquals(0, control.devices(OWN), "nothing is linked before people have compared");
        session.passkey().confirm();
        session.passkey().confirm();
        assertEquals(0, control.devices(OWN), "nothing is linked before the phone's person has agreed");
        control.post(PHONE + "/passkey-code", Map.of());
        linked();
        assertEquals(1, control.seen("passkey accepted", "to be compared"));
    }

    @Test
    void aRefusedAnswerCanBeGivenAnew() throws Exception {
        scanned();
        Assertion good = answer();
        byte[] signature = good.signature().clone();
        signature[signature.length - 1] ^= 1;
        Assertion bad = new Assertion(
                good.rawId(), good.clientDataJson(), good.authenticatorData(), signature, Optional.empty());
        EngineRefusal refusal =
                assertThrows(EngineRefusal.class, () -> session.passkey().respond(bad));
        assertEquals(EngineRefusal.Reason.REJECTED, refusal.reason());
        session.passkey().respond(good);
        linked();
    }

    @Test
    void theEndOfTheConnectionIsSaidAndACodeCanBeScannedAgain() throws Exception {
        scanned();
        Assertion answer = answer();
        assertEquals(
                EngineRefusal.Reason.TRY_LATER,
                assertThrows(EngineRefusal.class, session::pair).reason());
        control.post("/disconnect", Map.of("unpaired", true));
        State.None none = reached(State.None.class);
        assertTrue(none.problem().orElseThrow().contains("begin anew"));
        assertEquals(
                EngineRefusal.Reason.REJECTED,
                assertThrows(EngineRefusal.class, () -> session.passkey().respond(answer))
                        .reason());
        control.fault("passkey", "");
        scanned();
        linked();
    }
}
