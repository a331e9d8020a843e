package gateway.engine.web.pairing;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

import com.google.protobuf.ByteString;

import gateway.digest.Sha256;
import gateway.engine.web.primitive.Hkdf;
import gateway.engine.web.primitive.Hmac;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.proto.PairingProto.CompanionCommitment;
import gateway.engine.web.proto.PairingProto.CompanionEphemeralIdentity;
import gateway.engine.web.proto.PairingProto.DeviceProps.PlatformType;
import gateway.engine.web.proto.PairingProto.ProloguePayload;
import gateway.engine.web.signal.CurvePair;
import gateway.engine.web.signal.CurvePublic;
import gateway.engine.web.signal.Secret32;

/**
 * The derivations of the passkey step, which some accounts must pass when a device is linked (web-1 §4.5).
 *
 * @param ephemeral this device's pair of the exchange
 * @param device    the kind of device that the phone will show
 * @param ref       what the server gave for the exchange
 * @param nonce     32 random bytes, told only after the phone has answered
 */
public record PasskeyExchange(CurvePair ephemeral, PlatformType device, String ref, byte[] nonce) {
    private static final int KEY_BYTES = 32;
    private static final int CODE_BYTES = 5;
    private static final int NONCE_BYTES = 32;

    /** A new exchange of a device of this profile. */
    public static PasskeyExchange draw(ClientProfile profile, String ref, RandomGenerator random) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        return new PasskeyExchange(CurvePair.draw(random), profile.platformType(), ref, nonce);
    }

    /** The key by which the end of the exchange is tied to its beginning; taken from the secret of the QR text. */
    public static byte[] handoffKey(Secret32 advSecret) {
        return Hkdf.derive(advSecret.bytes(), Hkdf.NO_SALT, "shortcake-passkey-handoff-v1", KEY_BYTES);
    }

    /** The proof over the prologue. */
    public byte[] handoffProof(byte[] handoffKey) {
        return Hmac.sha256(handoffKey, prologue());
    }

    /** The first message: who this device is, and a commitment to the nonce. */
    public byte[] prologue() {
        return ProloguePayload.newBuilder()
                .setCompanionEphemeralIdentity(ByteString.copyFrom(identity()))
                .setCommitment(CompanionCommitment.newBuilder().setHash(ByteString.copyFrom(commitment())))
                .build()
                .toByteArray();
    }

    byte[] identity() {
        return CompanionEphemeralIdentity.newBuilder()
                .setPublicKey(ByteString.copyFrom(ephemeral.known().raw()))
                .setDeviceType(device)
                .setRef(ref)
                .build()
                .toByteArray();
    }

    byte[] commitment() {
        return Sha256.of(identity(), nonce);
    }

    /**
     * The key under which this device's keys go to the phone.
     *
     * @throws WireRefusal ({@code BAD_KEY}) for a key of small order
     */
    public byte[] encryptionKey(CurvePublic theirs) throws WireRefusal {
        String salt = "Companion Pairing " + device.getNumber() + " with ref " + ref;
        return Hkdf.derive(
                ephemeral.agree(theirs),
                salt.getBytes(StandardCharsets.UTF_8),
                "Pairing Information Encryption Key",
                KEY_BYTES);
    }

    /** The code that both sides show for comparison, with its dash. */
    public String confirmationCode(CurvePublic theirs, byte[] theirNonce) {
        byte[] mixed = Sha256.of(nonce, theirs.raw());
        byte[] code = new byte[CODE_BYTES];
        for (int i = 0; i < CODE_BYTES; i++) {
            code[i] = (byte) (theirNonce[i] ^ mixed[i]);
        }
        return PairingCode.shown(PairingCode.of(code));
    }
}
