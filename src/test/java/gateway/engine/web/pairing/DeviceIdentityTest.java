package gateway.engine.web.pairing;

import static gateway.engine.web.Vectors.bytes;
import static gateway.engine.web.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import gateway.engine.web.Vectors;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;
import gateway.engine.web.proto.PairingProto.ADVSignedDeviceIdentity;
import gateway.engine.web.signal.CurvePair;
import gateway.engine.web.signal.CurvePublic;
import gateway.engine.web.signal.Secret32;
import gateway.engine.web.signal.XEdDsa;

class DeviceIdentityTest {
    @Test
    void verdictsAreThoseOfTheVectors() throws Exception {
        int accepted = 0;
        for (JsonNode vector : Vectors.cases("adv.json")) {
            String verdict = vector.get("verdict").asText();
            if (!verdict.equals("ok")) {
                WireRefusal refused = assertThrows(WireRefusal.class, () -> accept(vector, content(vector)));
                assertEquals(verdict, refused.getMessage(), vector.get("name").asText());
                continue;
            }
            accepted++;
            DeviceIdentity identity = accept(vector, content(vector));
            assertEquals(vector.get("replyKeyIndex").asText(), Integer.toString(identity.keyIndex()));
            assertEquals(
                    vector.get("accountSignatureKey").asText(),
                    hex(identity.account().raw()));
            ADVSignedDeviceIdentity reply = ADVSignedDeviceIdentity.parseFrom(identity.reply());
            ADVSignedDeviceIdentity sample = ADVSignedDeviceIdentity.parseFrom(bytes(vector, "sampleReplyIdentity"));
            assertEquals(
                    sample.toBuilder().clearDeviceSignature().build(),
                    reply.toBuilder().clearDeviceSignature().build());
            assertFalse(reply.hasAccountSignatureKey());
            assertTrue(XEdDsa.verify(
                    bytes(vector, "companionIdentityPublic"),
                    bytes(vector, "deviceSignatureMessage"),
                    reply.getDeviceSignature().toByteArray()));
            ADVSignedDeviceIdentity whole = ADVSignedDeviceIdentity.parseFrom(identity.signed());
            assertEquals(reply, whole.toBuilder().clearAccountSignatureKey().build());
            assertArrayEquals(
                    identity.account().raw(), whole.getAccountSignatureKey().toByteArray());
        }
        assertTrue(accepted > 2);
    }

    @Test
    void aContentCutOrChangedAnywhereIsRefused() {
        JsonNode vector = Vectors.cases("adv.json").getFirst();
        byte[] content = content(vector);
        Random random = new Random(19);
        // The last two bytes say that the account is not hosted, which is what their absence means.
        for (int i = 0; i < content.length - 2; i++) {
            byte[] cut = Arrays.copyOf(content, i);
            byte[] changed = content.clone();
            changed[i] ^= (byte) (1 << random.nextInt(8));
            assertThrows(WireRefusal.class, () -> accept(vector, cut), "cut at " + i);
            assertThrows(WireRefusal.class, () -> accept(vector, changed), "changed at " + i);
        }
    }

    @Test
    void anIdentityBelongsToItsDeviceAndItsAccountOnly() throws Exception {
        for (JsonNode vector : Vectors.cases("adv.json")) {
            if (!vector.get("verdict").asText().equals("ok")) {
                continue;
            }
            DeviceIdentity accepted = accept(vector, content(vector));
            CurvePublic device = identity(vector).known();
            CurvePublic stranger = CurvePair.draw(new Random(7)).known();
            assertTrue(DeviceIdentity.isOwned(accepted.signed(), device, Optional.empty()));
            assertTrue(DeviceIdentity.isOwned(accepted.reply(), device, Optional.of(accepted.account())));
            assertFalse(DeviceIdentity.isOwned(accepted.signed(), stranger, Optional.empty()));
            assertFalse(DeviceIdentity.isOwned(accepted.signed(), device, Optional.of(stranger)));
            assertFalse(DeviceIdentity.isOwned(new byte[] {1, 2, 3}, device, Optional.empty()));
            ADVSignedDeviceIdentity half = ADVSignedDeviceIdentity.parseFrom(accepted.signed()).toBuilder()
                    .clearDeviceSignature()
                    .build();
            assertFalse(DeviceIdentity.isOwned(half.toByteArray(), device, Optional.empty()));
        }
    }

    @Test
    void aForeignSecretIsAWrongHmac() {
        JsonNode vector = Vectors.cases("adv.json").getFirst();
        assertEquals(
                Reason.BAD_MAC,
                assertThrows(
                                WireRefusal.class,
                                () -> DeviceIdentity.accept(
                                        content(vector), Secret32.of(new byte[32]), identity(vector), new Random(19)))
                        .reason());
    }

    private static DeviceIdentity accept(JsonNode vector, byte[] content) throws WireRefusal {
        return DeviceIdentity.accept(
                content, Secret32.of(bytes(vector, "advSecret")), identity(vector), new Random(19));
    }

    private static CurvePair identity(JsonNode vector) {
        return CurvePair.of(bytes(vector, "companionIdentityPrivate"));
    }

    private static byte[] content(JsonNode vector) {
        return bytes(vector, "deviceIdentityNode");
    }
}
