package gateway.engine.web.pairing;

import static gateway.engine.web.Vectors.bytes;
import static gateway.engine.web.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Arrays;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import gateway.engine.web.Vectors;
import gateway.engine.web.message.PrivacyTokens;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.proto.NoiseProto.ClientPayload;
import gateway.engine.web.proto.PairingProto.DeviceProps.PlatformType;
import gateway.engine.web.signal.CurvePair;
import gateway.engine.web.signal.CurvePublic;
import gateway.engine.web.signal.FixedRandom;
import gateway.engine.web.signal.Secret32;

class PairingVectorTest {
    @Test
    void qrTextsAreThoseOfTheVectors() throws Exception {
        for (JsonNode vector : Vectors.cases("qr.json")) {
            ClientProfile profile = new ClientProfile(
                    ClientVersion.BUILT_IN,
                    vector.get("os").asText(),
                    vector.get("browser").asText(),
                    "US",
                    false);
            assertEquals(vector.get("platformId").asText(), profile.platformId());
            assertEquals(
                    vector.get("qr").asText(),
                    PairingQr.text(
                            vector.get("ref").asText(),
                            CurvePublic.of(bytes(vector, "noisePublic")),
                            CurvePublic.of(bytes(vector, "identityPublic")),
                            Secret32.of(bytes(vector, "advSecret")),
                            profile.platformId()));
        }
    }

    @Test
    void theCodesExchangeIsThatOfTheVectors() throws Exception {
        for (JsonNode vector : Vectors.cases("pairing-code.json")) {
            String code = vector.get("code").asText();
            assertEquals(code, PairingCode.draw(new FixedRandom().give(bytes(vector, "codeBytes"))));
            CurvePair ephemeral = CurvePair.of(bytes(vector, "companionEphemeralPrivate"));
            assertEquals(
                    vector.get("wrappedCompanionEphemeral").asText(),
                    hex(PairingCode.wrap(
                            code,
                            ephemeral.known(),
                            new FixedRandom()
                                    .give(bytes(vector, "companionSalt"))
                                    .give(bytes(vector, "companionIv")))));
            CurvePublic phone = PairingCode.unwrap(code, bytes(vector, "wrappedPrimaryEphemeral"));
            assertEquals(vector.get("primaryEphemeralPublic").asText(), hex(phone.raw()));
            FixedRandom random = new FixedRandom()
                    .give(bytes(vector, "advRandom"))
                    .give(bytes(vector, "bundleSalt"))
                    .give(bytes(vector, "bundleNonce"));
            PairingCode.Sealed sealed = PairingCode.seal(
                    ephemeral,
                    CurvePair.of(bytes(vector, "companionIdentityPrivate")),
                    phone,
                    CurvePublic.of(bytes(vector, "primaryIdentityPublic")),
                    random);
            assertEquals(vector.get("wrappedKeyBundle").asText(), hex(sealed.bundle()));
            assertEquals(
                    vector.get("advSecret").asText(), hex(sealed.advSecret().bytes()));
        }
    }

    @Test
    void payloadsAreThoseOfTheVectors() throws Exception {
        for (JsonNode vector : Vectors.cases("client-payload.json")) {
            JsonNode config = vector.get("config");
            ClientProfile profile = new ClientProfile(
                    new ClientVersion(
                            config.at("/version/0").asInt(),
                            config.at("/version/1").asInt(),
                            config.at("/version/2").asInt()),
                    config.at("/browser/0").asText(),
                    config.at("/browser/1").asText(),
                    config.get("countryCode").asText(),
                    config.get("syncFullHistory").asBoolean());
            ClientPayload payload;
            if (vector.get("name").asText().equals("registration")) {
                assertEquals(
                        vector.get("buildHash").asText(), hex(profile.version().buildHash()));
                assertEquals(
                        vector.get("deviceProps").asText(),
                        hex(ClientPayloads.deviceProps(profile).toByteArray()));
                payload = ClientPayloads.registration(
                        profile,
                        vector.get("registrationId").asInt(),
                        CurvePublic.of(bytes(vector, "identityPublic")),
                        vector.get("signedPreKeyId").asInt(),
                        CurvePublic.of(bytes(vector, "signedPreKeyPublic")),
                        bytes(vector, "signedPreKeySignature"));
            } else {
                payload = ClientPayloads.login(
                        profile, DeviceJid.parse(vector.get("jid").asText()), false);
            }
            assertEquals(ClientPayload.parseFrom(bytes(vector, "clientPayload")), payload);
        }
    }

    @Test
    void derivationsAreThoseOfTheVectors() throws Exception {
        for (JsonNode vector : Vectors.cases("derivations.json")) {
            switch (vector.get("kind").asText()) {
                case "unified-session" ->
                    assertEquals(
                            vector.get("id").asText(),
                            UnifiedSession.id(Instant.ofEpochMilli(
                                    vector.get("serverTimeMillis").asLong())));
                case "tctoken" -> {
                    long now = vector.get("now").asLong();
                    long time = vector.get("tokenTimestamp").asLong();
                    long cutoff = vector.get("cutoff").asLong();
                    assertFalse(PrivacyTokens.isExpired(cutoff, now));
                    assertTrue(PrivacyTokens.isExpired(cutoff - 1, now));
                    assertEquals(vector.get("expired").asBoolean(), PrivacyTokens.isExpired(time, now));
                    assertEquals(vector.get("issueAgainIfSentAt").asBoolean(), PrivacyTokens.mustIssue(time, now));
                }
                case "cstoken" ->
                    assertEquals(
                            vector.get("token").asText(),
                            hex(PrivacyTokens.standIn(
                                    bytes(vector, "nctSalt"),
                                    vector.get("recipientLid").asText())));
                case "passkey" -> passkey(vector);
                default -> throw new AssertionError(vector.toString());
            }
        }
    }

    private static void passkey(JsonNode vector) throws Exception {
        PasskeyExchange exchange = new PasskeyExchange(
                CurvePair.of(bytes(vector, "companionEphemeralPrivate")),
                PlatformType.forNumber(vector.get("deviceType").asInt()),
                vector.get("ref").asText(),
                bytes(vector, "companionNonce"));
        assertEquals(vector.get("companionEphemeralIdentity").asText(), hex(exchange.identity()));
        assertEquals(vector.get("commitment").asText(), hex(exchange.commitment()));
        assertEquals(vector.get("prologuePayload").asText(), hex(exchange.prologue()));
        byte[] handoff = PasskeyExchange.handoffKey(Secret32.of(bytes(vector, "oldAdvSecret")));
        assertEquals(vector.get("handoffKey").asText(), hex(handoff));
        assertEquals(vector.get("pairingHandoffProof").asText(), hex(exchange.handoffProof(handoff)));
        CurvePublic phone = CurvePublic.of(bytes(vector, "primaryEphemeralPublic"));
        assertEquals(vector.get("encryptionKey").asText(), hex(exchange.encryptionKey(phone)));
        assertEquals(
                vector.get("confirmationCode").asText(),
                exchange.confirmationCode(phone, bytes(vector, "primaryNonce")));
    }

    @Test
    void newCredentialsAreWholeAndShowNoSecret() {
        DeviceCredentials credentials = DeviceCredentials.draw(new Random(19));
        assertArrayEquals(new byte[0], credentials.routing());
        assertEquals(64, credentials.signedPreKey().signature().length);
        String text = credentials.toString();
        for (byte[] secret : Arrays.asList(
                credentials.advSecret().bytes(),
                credentials.noise().secret().bytes(),
                credentials.identity().secret().bytes(),
                credentials.signedPreKey().pair().secret().bytes())) {
            assertEquals(-1, text.indexOf(hex(secret)));
        }
    }
}
