package gateway.engine.web.message;

import static gateway.engine.web.Vectors.bytes;
import static gateway.engine.web.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import gateway.engine.web.Vectors;
import gateway.engine.web.primitive.FieldWriter;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

class MessageVectorsTest {
    @Test
    void paddingIsAddedAndTakenOff() throws WireRefusal {
        for (JsonNode vector : Vectors.cases("message-padding.json")) {
            byte[] padded = bytes(vector, "padded");
            if (vector.path("valid").asBoolean(true)) {
                assertArrayEquals(bytes(vector, "plain"), MessagePadding.unpad(padded));
                if (vector.has("padLength")) {
                    assertArrayEquals(
                            padded,
                            MessagePadding.pad(
                                    bytes(vector, "plain"),
                                    vector.get("padLength").asInt()));
                }
            } else {
                assertEquals(
                        Reason.MALFORMED,
                        assertThrows(WireRefusal.class, () -> MessagePadding.unpad(padded))
                                .reason(),
                        vector.toString());
            }
        }
    }

    @Test
    void paddingOfEveryLengthIsDrawnAndTakenOff() throws WireRefusal {
        Random random = new Random(1);
        boolean[] seen = new boolean[MessagePadding.MAX_BYTES + 1];
        for (int i = 0; i < 1000; i++) {
            byte[] message = new byte[random.nextInt(40)];
            random.nextBytes(message);
            byte[] padded = MessagePadding.pad(message, random);
            seen[padded.length - message.length] = true;
            assertArrayEquals(message, MessagePadding.unpad(padded));
        }
        for (int length = 1; length < seen.length; length++) {
            assertTrue(seen[length], "length " + length);
        }
    }

    @Test
    void hashesOfDeviceListsAreThoseOfTheVectors() {
        for (JsonNode vector : Vectors.cases("message-phash.json")) {
            List<String> devices = new ArrayList<>();
            vector.get("devices").forEach(device -> devices.add(device.asText()));
            assertEquals(vector.get("phash").asText(), ParticipantHash.of(devices));
        }
    }

    @Test
    void whatASecretEncryptsIsReadAndWritten() throws WireRefusal {
        List<JsonNode> vectors = new ArrayList<>(Vectors.cases("message-secret.json"));
        vectors.addAll(Vectors.cases("message-secret-more.json"));
        for (JsonNode vector : vectors) {
            byte[] secret = bytes(vector, "messageSecret");
            if (!vector.has("targetId")) {
                assertArrayEquals(bytes(vector, "key"), MessageSecret.botBase(secret));
                continue;
            }
            if (vector.has("baseSecret")) {
                assertArrayEquals(bytes(vector, "baseSecret"), MessageSecret.botBase(secret));
                secret = bytes(vector, "baseSecret");
            }
            byte[] base = secret;
            MessageSecret.Use use =
                    use(vector.path("infoEnd").asText(vector.get("useCase").asText()));
            MessageSecret.Target target = new MessageSecret.Target(
                    vector.get("targetId").asText(),
                    vector.get("targetSender").asText(),
                    vector.get("sender").asText());
            assertArrayEquals(bytes(vector, "key"), MessageSecret.key(use, base, target));
            assertArrayEquals(bytes(vector, "aad"), MessageSecret.additional(use, target));
            byte[] iv = bytes(vector, "encIv");
            byte[] encrypted = bytes(vector, "encPayload");
            assertArrayEquals(encrypted, MessageSecret.encrypt(use, base, target, iv, bytes(vector, "plaintext")));
            assertArrayEquals(bytes(vector, "plaintext"), MessageSecret.decrypt(use, base, target, iv, encrypted));
            MessageSecret.Target another = new MessageSecret.Target(target.id(), target.author(), "9@lid");
            refused(Reason.BAD_MAC, () -> MessageSecret.decrypt(use, base, another, iv, encrypted));
            refused(Reason.MALFORMED, () -> MessageSecret.decrypt(use, base, target, new byte[3], encrypted));
            refused(Reason.MALFORMED, () -> MessageSecret.decrypt(use, base, target, iv, new byte[15]));
        }
    }

    private static MessageSecret.Use use(String text) {
        for (MessageSecret.Use use : MessageSecret.Use.values()) {
            if (use.text().equals(text)) {
                return use;
            }
        }
        throw new IllegalStateException(text);
    }

    @Test
    void reportingTokensAreThoseOfTheVectors() throws WireRefusal {
        List<JsonNode> vectors = new ArrayList<>(Vectors.cases("message-reporting-token.json"));
        vectors.addAll(Vectors.cases("message-reporting-token-more.json"));
        for (JsonNode vector : vectors) {
            byte[] message = bytes(vector, "message");
            String id = vector.get("messageId").asText();
            String sender = vector.get("sender").asText();
            String chat = vector.get("remote").asText();
            byte[] secret = bytes(vector, "messageSecret");
            assertArrayEquals(bytes(vector, "reportingSecret"), ReportingToken.key(secret, id, sender, chat));
            assertEquals(vector.path("selected").asText(), hex(ReportedFields.select(message)), vector.toString());
            Optional<byte[]> token = ReportingToken.of(secret, id, sender, chat, message);
            assertEquals(vector.path("selected").asText().isEmpty(), token.isEmpty());
            if (token.isPresent()) {
                assertArrayEquals(bytes(vector, "token"), token.get());
            }
        }
    }

    @Test
    void aMessageThatIsNestedTooDeeplyOrCutOffHasNoToken() {
        byte[] message = hex("0a0161");
        for (int i = 0; i < 40; i++) {
            message = new FieldWriter()
                    .bytes(37, new FieldWriter().bytes(1, message).written())
                    .written();
        }
        byte[] deep = message;
        refused(Reason.OVERSIZED, () -> ReportedFields.select(deep));
        refused(Reason.MALFORMED, () -> ReportedFields.select(hex("0a0561")));
    }

    @Test
    void privacyTokensExpireAndAreIssuedAsTheVectorsSay() {
        JsonNode file = Vectors.file("message-privacy-token.json").get("cases");
        int seen = 0;
        for (JsonNode vector : file.isArray() ? file : List.of(file)) {
            for (JsonNode token : vector.path("cstoken")) {
                assertArrayEquals(
                        bytes(token, "token"),
                        PrivacyTokens.standIn(
                                bytes(token, "salt"), token.get("recipient").asText()));
                seen++;
            }
            for (JsonNode token : vector.path("tctoken")) {
                long now = token.get("now").asLong();
                long timestamp = token.get("timestamp").asLong();
                assertEquals(
                        token.get("expired").asBoolean(), PrivacyTokens.isExpired(timestamp, now), token.toString());
                assertEquals(
                        token.get("issueNew").asBoolean(), PrivacyTokens.mustIssue(timestamp, now), token.toString());
                seen++;
            }
        }
        assertTrue(seen > 5);
    }

    @Test
    void ourOwnDevicesGetTheWrappedMessage() throws WireRefusal {
        for (JsonNode vector : Vectors.cases("device-sent.json")) {
            byte[] message = bytes(vector, "message");
            String chat = vector.get("to").asText();
            Optional<byte[]> wrapped = DeviceSent.wrap(chat, message);
            if (vector.get("forOwnDevices").isNull()) {
                assertFalse(wrapped.isPresent());
                assertFalse(DeviceSent.unwrap(message).isPresent());
                continue;
            }
            assertEquals(vector.get("forOwnDevices").asText(), hex(wrapped.orElseThrow()));
            DeviceSent.Unwrapped inner = DeviceSent.unwrap(wrapped.get()).orElseThrow();
            assertEquals(chat, inner.chat());
            assertArrayEquals(message, inner.message());
        }
        refused(Reason.MALFORMED, () -> DeviceSent.unwrap(hex("fa010212ff")));
        refused(Reason.MALFORMED, () -> DeviceSent.unwrap(hex("fa0100")));
    }

    private static void refused(Reason reason, Executable attempt) {
        assertEquals(reason, assertThrows(WireRefusal.class, attempt).reason());
    }
}
