package gateway.engine.web.signal;

import static gateway.engine.web.Vectors.bytes;
import static gateway.engine.web.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
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

/** The groups of other clients, replayed. */
class SenderKeyVectorsTest {
    private static final Map<String, Reason> REASONS = Map.of(
            "duplicate",
            Reason.DUPLICATE,
            "old iteration",
            Reason.DUPLICATE,
            "bad signature",
            Reason.BAD_SIGNATURE,
            "unknown key id",
            Reason.UNKNOWN_KEY,
            "too far in the future",
            Reason.TOO_FAR);

    private final Map<String, SenderKeys> readers = new HashMap<>();
    private final Map<String, byte[]> sent = new HashMap<>();
    private SenderKeys own;

    @TestFactory
    Stream<DynamicTest> groups() {
        return Stream.of("signal-sender-key.json", "signal-sender-key-go.json")
                .flatMap(file -> Vectors.cases(file).stream())
                .map(group -> DynamicTest.dynamicTest(
                        group.get("id").asText(), () -> new SenderKeyVectorsTest().replay(group)));
    }

    private void replay(JsonNode group) throws WireRefusal {
        start(group.get("start"));
        for (JsonNode step : group.get("steps")) {
            switch (step.get("op").asText()) {
                case "rotate" -> start(step);
                case "distribute" -> {
                    byte[] wire = GroupCipher.distribute(Optional.of(own), new Random(1))
                            .wire();
                    if (!group.get("id").asText().contains("gaps")) {
                        assertEquals(step.get("bytes").asText(), hex(wire));
                    }
                    sent.put(step.get("message").asText(), bytes(step, "bytes"));
                }
                case "process" -> {
                    String by = step.get("by").asText();
                    SenderKeys next = GroupCipher.accept(
                            Optional.ofNullable(readers.get(by)),
                            sent.get(step.get("message").asText()));
                    readers.put(by, next);
                }
                case "encrypt" -> encrypt(step);
                case "skip" ->
                    skipTo(own.newest().chain().next() + step.get("count").asInt());
                case "decrypt" -> decrypt(step);
                default -> throw new IllegalStateException(step.toString());
            }
        }
    }

    private void start(JsonNode start) {
        own = GroupCipher.own(
                (int) start.get("keyId").asLong(),
                bytes(start, "chainKey"),
                start.path("iteration").asInt(),
                bytes(start, "signingPrivate"));
    }

    private void skipTo(int iteration) {
        while (own.newest().chain().next() < iteration) {
            own = GroupCipher.encrypt(own, new byte[0], new Random(1)).next();
        }
    }

    private void encrypt(JsonNode step) {
        skipTo(step.get("iteration").asInt());
        CurvePublic signing = own.newest().signing();
        GroupCipher.GroupEncrypted encrypted = GroupCipher.encrypt(own, bytes(step, "plaintext"), new Random(2));
        own = encrypted.next();
        byte[] unsigned = bytes(step, "unsigned");
        byte[] wire = encrypted.wire();
        assertEquals(hex(unsigned), hex(wire).substring(0, 2 * unsigned.length));
        assertTrue(XEdDsa.verify(signing.raw(), unsigned, bytes(step, "signature")));
        assertEquals(unsigned.length + XEdDsa.SIGNATURE_BYTES, wire.length);
        sent.put(step.get("message").asText(), bytes(step, "bytes"));
    }

    private void decrypt(JsonNode step) throws WireRefusal {
        String by = step.get("by").asText();
        byte[] wire = step.has("bytes")
                ? bytes(step, "bytes")
                : sent.get(step.get("message").asText());
        Optional<SenderKeys> keys = Optional.ofNullable(readers.get(by));
        String error = step.path("error").asText();
        if (error.contains("plaintext allowed")) {
            readers.put(by, GroupCipher.decrypt(keys, wire).next());
        } else if (!error.isEmpty()) {
            WireRefusal refusal = assertThrows(WireRefusal.class, () -> GroupCipher.decrypt(keys, wire));
            assertEquals(REASONS.get(error), refusal.reason(), error);
        } else {
            GroupCipher.GroupDecrypted decrypted = GroupCipher.decrypt(keys, wire);
            assertArrayEquals(bytes(step, "plaintext"), decrypted.plain());
            readers.put(by, decrypted.next());
            assertEquals(decrypted.next(), SenderKeysCodec.decode(SenderKeysCodec.encode(decrypted.next())));
        }
    }
}
