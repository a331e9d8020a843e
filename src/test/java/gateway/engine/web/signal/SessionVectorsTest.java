package gateway.engine.web.signal;

import static gateway.engine.web.Vectors.bytes;
import static gateway.engine.web.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import gateway.engine.web.Vectors;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/** The talks of other clients, replayed: our bytes are theirs, and what they refuse is refused without a trace. */
class SessionVectorsTest {
    private static final Map<String, Reason> REASONS = Map.of(
            "duplicate",
            Reason.DUPLICATE,
            "bad mac",
            Reason.BAD_MAC,
            "bad version",
            Reason.BAD_VERSION,
            "malformed",
            Reason.MALFORMED,
            "no session",
            Reason.NO_SESSION,
            "unknown pre-key",
            Reason.UNKNOWN_PRE_KEY,
            "too far in the future",
            Reason.TOO_FAR);

    private final Map<String, Party> parties = new HashMap<>();
    private final Map<String, byte[]> sent = new HashMap<>();

    @TestFactory
    Stream<DynamicTest> talks() {
        return Stream.of("signal-session.json", "signal-session-go.json")
                .flatMap(file -> Vectors.cases(file).stream())
                .map(talk ->
                        DynamicTest.dynamicTest(talk.get("id").asText(), () -> new SessionVectorsTest().replay(talk)));
    }

    private void replay(JsonNode talk) throws WireRefusal {
        talk.get("parties").forEach(party -> parties.put(party.get("name").asText(), Party.of(party)));
        for (JsonNode step : talk.get("steps")) {
            Party by = parties.get(step.get("by").asText());
            switch (step.get("op").asText()) {
                case "open" -> open(by, step);
                case "encrypt" -> encrypt(by, step);
                case "skip" -> {
                    for (int i = 0; i < step.get("count").asInt(); i++) {
                        by.encrypt(step.get("to").asText(), new byte[0]);
                    }
                }
                case "decrypt" -> decrypt(by, step);
                default -> throw new IllegalStateException(step.toString());
            }
        }
    }

    private void open(Party by, JsonNode step) throws WireRefusal {
        String to = step.get("to").asText();
        Optional<Integer> preKey =
                step.path("preKeyId").isInt() ? Optional.of(step.get("preKeyId").asInt()) : Optional.empty();
        FixedRandom random = new FixedRandom()
                .give(bytes(step.get("generated"), "baseKeyPrivate"))
                .give(bytes(step.get("generated"), "sendingRatchetPrivate"));
        by.sessions.put(
                to, SessionCipher.open(by.session(to), by.me, parties.get(to).bundle(preKey), random));
        assertTrue(random.isSpent());
        if (step.has("after")) {
            JsonNode state = step.get("after")
                    .valueStream()
                    .filter(entry -> entry.get("state").asText().equals("current"))
                    .findFirst()
                    .orElseThrow();
            SessionState current = by.sessions.get(to).current();
            assertEquals(state.get("rootKey").asText(), hex(current.root().bytes()));
            assertEquals(
                    state.get("sendingChain").get("chainKey").asText(),
                    hex(current.send().key().bytes()));
        }
    }

    private void encrypt(Party by, JsonNode step) throws WireRefusal {
        String to = step.get("to").asText();
        if (step.has("note") && step.get("note").asText().contains("encrypted \"counter 0\"")) {
            for (int i = 0; i < 1999; i++) {
                by.encrypt(to, ("counter " + i).getBytes());
            }
        } else if (step.has("note")) {
            for (int i = 2000; i < 4001; i++) {
                by.encrypt(to, ("counter " + i).getBytes());
            }
        }
        if (step.has("usesState")) {
            by.sessions.put(to, by.sessions.get(to).withCurrent(CurvePublic.ofTyped(bytes(step, "usesState"))));
        }
        SessionCipher.Encrypted encrypted = by.encrypt(to, bytes(step, "plaintext"));
        assertEquals(step.get("type").asText(), encrypted.kind().name().toLowerCase());
        if (!step.path("previousCounterWraps").asBoolean()) {
            assertEquals(
                    step.get("ciphertext").asText(),
                    hex(encrypted.wire()),
                    step.get("message").asText());
        }
        sent.put(step.get("message").asText(), bytes(step, "ciphertext"));
    }

    private void decrypt(Party by, JsonNode step) throws WireRefusal {
        String from = step.get("from").asText();
        byte[] wire = step.has("ciphertext")
                ? bytes(step, "ciphertext")
                : sent.get(step.get("message").asText());
        SessionCipher.Kind kind =
                SessionCipher.Kind.valueOf(step.get("type").asText().toUpperCase());
        FixedRandom random = new FixedRandom();
        step.path("generated").forEach(key -> random.give(hex(key.asText())));
        if (step.has("error")) {
            Optional<SignalSession> before = by.session(from);
            WireRefusal refusal = assertThrows(WireRefusal.class, () -> by.decrypt(from, kind, wire, new Random(1)));
            assertEquals(REASONS.getOrDefault(step.get("error").asText(), refusal.reason()), refusal.reason());
            assertEquals(before, by.session(from));
            return;
        }
        SessionCipher.Decrypted result = by.decrypt(from, kind, wire, random);
        assertEquals(
                step.get("plaintext").asText(),
                hex(result.plain()),
                step.get("message").asText());
        assertTrue(random.isSpent());
        List<Integer> used = new ArrayList<>();
        step.get("usedPreKeys").forEach(id -> used.add(id.asInt()));
        assertEquals(used, result.usedPreKey().stream().boxed().toList());
        assertEquals(parties.get(from).me.identity().known(), result.identity());
    }
}
