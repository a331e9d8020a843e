package gateway.twin.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** A person's passkey, with the authenticator that has it: a P-256 key that signs WebAuthn assertions. */
final class Passkey {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The flags of authenticator data: the person was there, and was verified (WebAuthn §6.1). */
    private static final byte PRESENT_AND_VERIFIED = 5;

    private final byte[] id = Crypto.random(16);
    private final byte[] handle = Crypto.random(16);
    private final KeyPair key;
    private int uses;

    Passkey() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            key = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] bytes(JsonNode holder, String name) {
        return Base64.getUrlDecoder().decode(holder.path(name).asText());
    }

    /** What a browser is asked for (WebAuthn §5.5), as JSON. */
    String options(byte[] challenge, String relyingParty) {
        var options = JSON.createObjectNode()
                .put("challenge", base64(challenge))
                .put("timeout", 600_000)
                .put("rpId", relyingParty)
                .put("userVerification", "required");
        options.putArray("allowCredentials")
                .addObject()
                .put("id", base64(id))
                .put("type", "public-key")
                .putArray("transports")
                .add("internal")
                .add("hybrid");
        options.putObject("extensions");
        return options.toString();
    }

    /** The answer of a browser on this origin, and of the authenticator behind it. */
    JsonNode answer(JsonNode options, String origin) throws GeneralSecurityException {
        var client = JSON.createObjectNode()
                .put("type", "webauthn.get")
                .put("challenge", options.path("challenge").asText())
                .put("origin", origin)
                .put("crossOrigin", false)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        var data = Crypto.join(
                Crypto.sha256(options.path("rpId").asText().getBytes(StandardCharsets.UTF_8)),
                new byte[] {PRESENT_AND_VERIFIED},
                Network.u32(++uses));
        var signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(key.getPrivate());
        signer.update(data);
        signer.update(Crypto.sha256(client));
        var answer = JSON.createObjectNode()
                .put("id", base64(id))
                .put("rawId", base64(id))
                .put("type", "public-key")
                .put("authenticatorAttachment", "platform");
        answer.putObject("response")
                .put("clientDataJSON", base64(client))
                .put("authenticatorData", base64(data))
                .put("signature", base64(signer.sign()))
                .put("userHandle", base64(handle));
        answer.putObject("clientExtensionResults");
        return answer;
    }

    /** What is wrong with an assertion for this challenge; empty when nothing is. */
    String objection(byte[] assertion, byte[] credential, byte[] challenge, String relyingParty)
            throws GeneralSecurityException {
        try {
            var answer = JSON.readTree(assertion);
            var response = answer.path("response");
            var client = JSON.readTree(bytes(response, "clientDataJSON"));
            var data = bytes(response, "authenticatorData");
            var verifier = Signature.getInstance("SHA256withECDSA");
            verifier.initVerify(key.getPublic());
            verifier.update(data);
            verifier.update(Crypto.sha256(bytes(response, "clientDataJSON")));
            if (!Arrays.equals(credential, id) || !Arrays.equals(bytes(answer, "rawId"), id)) {
                return "another passkey";
            }
            if (!client.path("type").asText().equals("webauthn.get")
                    || !Arrays.equals(bytes(client, "challenge"), challenge)) {
                return "another challenge";
            }
            if (!Arrays.equals(Arrays.copyOf(data, 32), Crypto.sha256(relyingParty.getBytes(StandardCharsets.UTF_8)))) {
                return "another relying party";
            }
            if ((data[32] & PRESENT_AND_VERIFIED) != PRESENT_AND_VERIFIED) {
                return "the person was not verified";
            }
            return verifier.verify(bytes(response, "signature")) ? "" : "a wrong signature";
        } catch (IOException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            return "cannot be read";
        }
    }

    /** The key as a browser's virtual authenticator takes it. */
    Map<String, String> exported() {
        return Map.of(
                "id",
                base64(id),
                "handle",
                base64(handle),
                "key",
                base64(key.getPrivate().getEncoded()));
    }
}
