package gateway.engine.web.pairing;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import gateway.engine.PasskeyStep.Assertion;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.primitive.AesGcm;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;
import gateway.engine.web.proto.PairingProto.EncryptedPairingRequest;
import gateway.engine.web.proto.PairingProto.PairingRequest;
import gateway.engine.web.proto.PairingProto.PrimaryEphemeralIdentity;
import gateway.engine.web.signal.CurvePublic;

/** The stanzas of the passkey step (web-1 §4.5). Requests lack their id. */
public final class PasskeyStanzas {
    private static final String OPTIONS = "passkey_request_options";
    private static final String REF = "ref";
    private static final String PHONES_PART = "primary_ephemeral_identity";
    private static final int MAX_OPTIONS_BYTES = 1 << 14;
    private static final int MAX_DEPTH = 16;
    private static final int NONCE_BYTES = 32;
    private static final byte[] NOTHING = new byte[0];
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build());

    private PasskeyStanzas() {}

    /** Whether a stanza says that the phone demands the step. */
    public static boolean isRequest(Node stanza) {
        return isFromServer(stanza, "passkey_prologue_request");
    }

    /** Whether a stanza holds the phone's part, which comes after the browser's answer. */
    public static boolean isPhonesPart(Node stanza) {
        return isFromServer(stanza, "crsc_continuation");
    }

    private static boolean isFromServer(Node stanza, String type) {
        return stanza.is("notification")
                && stanza.has("type", type)
                && stanza.attribute("from").filter("s.whatsapp.net"::equals).isPresent();
    }

    /** The question for the options, for a demand whose own cannot be read. */
    public static Node optionsQuestion() {
        return request("get").holding(Node.of(OPTIONS));
    }

    /**
     * The browser's options in a demand, or in the answer to the question for them.
     *
     * @return JSON, an object with a challenge in base64url
     * @throws WireRefusal ({@code MALFORMED}) when there are none, or they cannot be read
     */
    public static String options(Node holder) throws WireRefusal {
        byte[] bytes = holder.requiredChild(OPTIONS).bytes();
        if (bytes.length > MAX_OPTIONS_BYTES) {
            throw new WireRefusal(Reason.OVERSIZED, "the passkey's options have more than 16 KiB");
        }
        JsonNode options;
        try {
            options = JSON.readTree(new String(bytes, StandardCharsets.UTF_8));
        } catch (JsonProcessingException _) {
            throw new WireRefusal(Reason.MALFORMED, "the passkey's options are not JSON");
        }
        if (!(options instanceof ObjectNode object) || !isBase64(object.path("challenge"))) {
            throw new WireRefusal(Reason.MALFORMED, "the passkey's options lack a challenge");
        }
        return object.toString();
    }

    private static boolean isBase64(JsonNode challenge) {
        try {
            return challenge.isTextual() && Base64.getUrlDecoder().decode(challenge.textValue()).length > 0;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /** The question for the ref that names the exchange. */
    public static Node refQuestion() {
        return request("get").holding(Node.of(REF));
    }

    /** @throws WireRefusal ({@code MALFORMED}) when the answer has no ref */
    public static String ref(Node answer) throws WireRefusal {
        String ref = answer.requiredChild(REF).text();
        if (ref.isEmpty()) {
            throw new WireRefusal(Reason.MALFORMED, "the exchange's ref is empty");
        }
        return ref;
    }

    /**
     * The browser's answer on its way to the phone.
     *
     * @param handoffKey empty when too much time has passed since the demand; then people compare a code
     */
    public static Node prologue(PasskeyExchange exchange, Assertion assertion, Optional<byte[]> handoffKey) {
        Node prologue = Node.of("passkey_prologue");
        Node id = Node.of("credential_id").holding(assertion.rawId());
        Node proven = Node.of("webauthn_assertion").holding(json(assertion).getBytes(StandardCharsets.UTF_8));
        Node payload = Node.of("prologue_payload").holding(exchange.prologue());
        return request("set")
                .holding(
                        handoffKey.isEmpty()
                                ? prologue.holding(id, proven, payload)
                                : prologue.holding(
                                        id,
                                        proven,
                                        payload,
                                        Node.of("pairing_handoff_proof")
                                                .holding(exchange.handoffProof(handoffKey.get()))));
    }

    private static String json(Assertion assertion) {
        String id = base64(assertion.rawId());
        ObjectNode json = JSON.createObjectNode().put("id", id).put("rawId", id).put("type", "public-key");
        json.putObject("response")
                .put("clientDataJSON", base64(assertion.clientDataJson()))
                .put("authenticatorData", base64(assertion.authenticatorData()))
                .put("signature", base64(assertion.signature()))
                .put(
                        "userHandle",
                        assertion.userHandle().map(PasskeyStanzas::base64).orElse(null));
        return json.toString();
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The phone's half: its key of the exchange, and 32 random bytes. */
    public record PhonesPart(CurvePublic ephemeral, byte[] nonce) {}

    /** @throws WireRefusal ({@code MALFORMED}, {@code BAD_KEY}) for a part that is not whole */
    public static PhonesPart phonesPart(Node stanza) throws WireRefusal {
        try {
            PrimaryEphemeralIdentity part = PrimaryEphemeralIdentity.parseFrom(
                    stanza.requiredChild(PHONES_PART).bytes());
            if (part.getNonce().size() != NONCE_BYTES) {
                throw new WireRefusal(Reason.MALFORMED, "the phone's nonce has not 32 bytes");
            }
            return new PhonesPart(
                    CurvePublic.of(part.getPublicKey().toByteArray()),
                    part.getNonce().toByteArray());
        } catch (InvalidProtocolBufferException _) {
            throw new WireRefusal(Reason.MALFORMED, "the phone's part is not the message that it is said to be");
        }
    }

    /** The nonce that the prologue has committed to. */
    public static Node nonce(PasskeyExchange exchange) {
        return request("set").holding(Node.of("companion_nonce").holding(exchange.nonce()));
    }

    /**
     * The last stanza: this device's keys for the phone.
     *
     * @param key    of the exchange
     * @param random asked for a vector of 12 bytes
     */
    public static Node pairing(byte[] key, DeviceCredentials credentials, RandomGenerator random) {
        byte[] iv = new byte[AesGcm.IV_BYTES];
        random.nextBytes(iv);
        byte[] plain = PairingRequest.newBuilder()
                .setCompanionPublicKey(
                        ByteString.copyFrom(credentials.noise().known().raw()))
                .setCompanionIdentityKey(
                        ByteString.copyFrom(credentials.identity().known().raw()))
                .setAdvSecret(ByteString.copyFrom(credentials.advSecret().bytes()))
                .build()
                .toByteArray();
        byte[] sealed = EncryptedPairingRequest.newBuilder()
                .setEncryptedPayload(ByteString.copyFrom(AesGcm.encrypt(key, iv, plain, NOTHING)))
                .setIv(ByteString.copyFrom(iv))
                .build()
                .toByteArray();
        return request("set").holding(Node.of("encrypted_pairing_request").holding(sealed));
    }

    private static Node request(String type) {
        return Node.of("iq").with("type", type).with("xmlns", "md").with("to", DeviceJid.SERVER);
    }
}
