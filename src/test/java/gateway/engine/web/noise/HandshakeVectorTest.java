package gateway.engine.web.noise;

import static gateway.engine.web.Vectors.bytes;
import static gateway.engine.web.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import gateway.engine.web.Vectors;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;
import gateway.engine.web.proto.NoiseProto.HandshakeMessage;
import gateway.engine.web.signal.CurvePair;
import gateway.engine.web.signal.CurvePublic;

class HandshakeVectorTest {
    @Test
    void messagesFramesAndKeysAreThoseOfTheVectors() throws Exception {
        for (JsonNode vector : Vectors.cases("noise-handshake.json")) {
            ClientHandshake handshake = handshake(vector, bytes(vector, "rootPublic"));
            JsonNode routing = vector.get("routingInfo");
            byte[] intro = Frames.intro(routing.isNull() ? new byte[0] : hex(routing.asText()));
            assertEquals(vector.get("clientHello").asText(), hex(handshake.hello()));
            assertEquals(vector.get("firstClientFrame").asText(), hex(intro) + hex(Frames.frame(handshake.hello())));
            ClientHandshake.Finish finish =
                    handshake.answer(bytes(vector, "serverHello"), bytes(vector, "clientPayload"), now(vector));
            assertEquals(vector.get("clientFinish").asText(), hex(finish.message()));
            assertEquals(vector.get("secondClientFrame").asText(), hex(Frames.frame(finish.message())));
            assertEquals(
                    vector.get("clientWriteKey").asText(), hex(finish.cipher().writeKey()));
            assertEquals(
                    vector.get("clientReadKey").asText(), hex(finish.cipher().readKey()));
            for (JsonNode frame : vector.get("transport")) {
                if (frame.get("direction").asText().equals("client to server")) {
                    assertEquals(
                            frame.get("frame").asText(),
                            hex(Frames.frame(finish.cipher().seal(bytes(frame, "plaintext")))));
                } else {
                    byte[] payload = new FrameReader()
                            .read(ByteBuffer.wrap(bytes(frame, "frame")))
                            .getFirst();
                    assertEquals(
                            frame.get("plaintext").asText(), hex(finish.cipher().open(payload)));
                }
            }
        }
    }

    @Test
    void everyStepOfTheStateIsThatOfTheVectors() throws Exception {
        for (JsonNode vector : Vectors.cases("noise-handshake.json")) {
            NoiseState state = new NoiseState();
            HandshakeMessage.ServerHello hello =
                    HandshakeMessage.parseFrom(bytes(vector, "serverHello")).getServerHello();
            for (JsonNode step : vector.get("steps")) {
                switch (step.get("step").asText()) {
                    case "start" -> {}
                    case "h <- prologue" -> state.authenticate(Frames.HEADER);
                    case "h <- client ephemeral" -> state.authenticate(bytes(vector, "clientEphemeralPublic"));
                    case "h <- server ephemeral" -> state.authenticate(bytes(vector, "serverEphemeralPublic"));
                    case "mix ee", "mix es", "mix se" -> state.mix(bytes(step, "dh"));
                    case "server static encrypted" ->
                        assertEquals(
                                vector.get("serverStaticPublic").asText(),
                                hex(state.decrypt(hello.getStatic().toByteArray())));
                    case "certificate encrypted" ->
                        assertEquals(
                                vector.get("certChain").asText(),
                                hex(state.decrypt(hello.getPayload().toByteArray())));
                    case "client static encrypted" -> state.encrypt(bytes(vector, "clientStaticPublic"));
                    case "client payload encrypted" -> state.encrypt(bytes(vector, "clientPayload"));
                    default -> throw new AssertionError(step.get("step").asText());
                }
                assertEquals(step.get("h").asText(), hex(state.hash()), step.toString());
                assertEquals(step.get("ck").asText(), hex(state.chain()), step.toString());
                assertEquals(step.get("k").asText(), hex(state.key()), step.toString());
                assertEquals(step.get("n").asInt(), state.counter(), step.toString());
            }
        }
    }

    @Test
    void aForeignRootEndsTheHandshake() {
        JsonNode vector = Vectors.cases("noise-handshake.json").getFirst();
        ClientHandshake handshake = handshake(vector, CertificateChain.WHATSAPP_ROOT.raw());
        WireRefusal refused = assertThrows(
                WireRefusal.class, () -> handshake.answer(bytes(vector, "serverHello"), new byte[0], now(vector)));
        assertEquals(Reason.BAD_SIGNATURE, refused.reason());
        assertTrue(refused.getMessage().contains("intermediate-signature"));
    }

    @Test
    void anAnswerCutOrChangedAtAnyByteIsRefused() {
        JsonNode vector = Vectors.cases("noise-handshake.json").getFirst();
        byte[] hello = bytes(vector, "serverHello");
        Random random = new Random(19);
        for (int i = 0; i < hello.length; i++) {
            byte[] cut = Arrays.copyOf(hello, i);
            byte[] changed = hello.clone();
            changed[i] ^= (byte) (1 << random.nextInt(8));
            for (byte[] bad : List.of(cut, changed)) {
                assertThrows(
                        WireRefusal.class,
                        () -> handshake(vector, bytes(vector, "rootPublic")).answer(bad, new byte[0], now(vector)),
                        "byte " + i);
            }
        }
    }

    @Test
    void aFrameRepeatedOrOutOfOrderDoesNotOpen() throws Exception {
        byte[] key = new byte[32];
        FrameCipher writer = new FrameCipher(key, key);
        byte[] first = writer.seal(new byte[5]);
        byte[] second = writer.seal(new byte[5]);
        FrameCipher reader = new FrameCipher(key, key);
        reader.open(first);
        assertEquals(
                Reason.BAD_MAC,
                assertThrows(WireRefusal.class, () -> reader.open(first)).reason());
        assertEquals(
                Reason.BAD_MAC,
                assertThrows(WireRefusal.class, () -> new FrameCipher(key, key).open(second))
                        .reason());
        assertEquals(
                Reason.MALFORMED,
                assertThrows(WireRefusal.class, () -> new FrameCipher(key, key).open(new byte[15]))
                        .reason());
    }

    private static ClientHandshake handshake(JsonNode vector, byte[] root) {
        try {
            return new ClientHandshake(
                    CurvePair.of(bytes(vector, "clientEphemeralPrivate")),
                    CurvePair.of(bytes(vector, "clientStaticPrivate")),
                    CurvePublic.of(root));
        } catch (WireRefusal e) {
            throw new AssertionError(e);
        }
    }

    private static Instant now(JsonNode vector) {
        return Instant.ofEpochSecond(vector.get("now").asLong());
    }
}
