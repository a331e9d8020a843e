package gateway.engine.web.pairing;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.random.RandomGenerator;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import gateway.engine.web.primitive.Hmac;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;
import gateway.engine.web.proto.PairingProto.ADVDeviceIdentity;
import gateway.engine.web.proto.PairingProto.ADVEncryptionType;
import gateway.engine.web.proto.PairingProto.ADVSignedDeviceIdentity;
import gateway.engine.web.proto.PairingProto.ADVSignedDeviceIdentityHMAC;
import gateway.engine.web.signal.CurvePair;
import gateway.engine.web.signal.CurvePublic;
import gateway.engine.web.signal.Secret32;
import gateway.engine.web.signal.XEdDsa;

/**
 * The account's word that this device is its own, as pairing brings it: checked by HMAC and by the account's
 * signature, and countersigned by the device (web-1 §4.2). The signed details are kept as they came.
 *
 * @param signed   the whole identity with both signatures, to be stored
 * @param reply    the identity without the account's key, which goes back to the server
 * @param keyIndex the device's index in the account's list of keys
 * @param account  the phone's identity key
 */
public record DeviceIdentity(byte[] signed, byte[] reply, int keyIndex, CurvePublic account) {
    /** What the server is told about a wrong HMAC. */
    public static final String HMAC_MISMATCH = "hmac-mismatch";
    /** What the server is told about a wrong signature. */
    public static final String SIGNATURE_MISMATCH = "signature-mismatch";

    private static final byte[] ACCOUNT = {6, 0};
    private static final byte[] DEVICE = {6, 1};
    private static final byte[] HOSTED = {6, 5};
    private static final byte[] HOSTED_DEVICE = {6, 6};
    private static final byte[] NOTHING = {};

    /**
     * Checks the content of {@code device-identity}, and countersigns it.
     *
     * @param identity this device's identity
     * @param random   asked once, for 64 bytes
     * @throws WireRefusal {@code BAD_MAC} with the message {@link #HMAC_MISMATCH}, {@code BAD_SIGNATURE} with
     *     {@link #SIGNATURE_MISMATCH}, {@code MALFORMED} for anything that is not such a content
     */
    public static DeviceIdentity accept(byte[] content, Secret32 advSecret, CurvePair identity, RandomGenerator random)
            throws WireRefusal {
        try {
            ADVSignedDeviceIdentityHMAC outer = ADVSignedDeviceIdentityHMAC.parseFrom(content);
            byte[] prefix = outer.getAccountType() == ADVEncryptionType.HOSTED ? HOSTED : NOTHING;
            byte[] mac =
                    Hmac.sha256(advSecret.bytes(), prefix, outer.getDetails().toByteArray());
            if (!Hmac.equal(mac, outer.getHmac().toByteArray())) {
                throw new WireRefusal(Reason.BAD_MAC, HMAC_MISMATCH);
            }
            return countersign(ADVSignedDeviceIdentity.parseFrom(outer.getDetails()), identity, random);
        } catch (InvalidProtocolBufferException _) {
            throw new WireRefusal(Reason.MALFORMED, "the device identity is not a protobuf");
        }
    }

    private static DeviceIdentity countersign(
            ADVSignedDeviceIdentity account, CurvePair identity, RandomGenerator random)
            throws WireRefusal, InvalidProtocolBufferException {
        ADVDeviceIdentity details = ADVDeviceIdentity.parseFrom(account.getDetails());
        byte[] key = account.getAccountSignatureKey().toByteArray();
        byte[] prefix = details.getDeviceType() == ADVEncryptionType.HOSTED ? HOSTED : ACCOUNT;
        byte[] own = identity.known().raw();
        byte[] accountMessage = joined(prefix, account.getDetails().toByteArray(), own);
        if (!XEdDsa.verify(key, accountMessage, account.getAccountSignature().toByteArray())) {
            throw new WireRefusal(Reason.BAD_SIGNATURE, SIGNATURE_MISMATCH);
        }
        byte[] deviceMessage = joined(DEVICE, account.getDetails().toByteArray(), own, key);
        byte[] signature = XEdDsa.sign(identity.secret().bytes(), deviceMessage, random);
        ADVSignedDeviceIdentity.Builder both = account.toBuilder().setDeviceSignature(ByteString.copyFrom(signature));
        return new DeviceIdentity(
                both.build().toByteArray(),
                both.clearAccountSignatureKey().build().toByteArray(),
                details.getKeyIndex(),
                CurvePublic.of(key));
    }

    /**
     * Whether an identity that came with another device's keys says truly that its account owns the device.
     *
     * @param signed   the whole ADVSignedDeviceIdentity
     * @param identity the device's identity key, from the same bundle
     * @param account  the account's key when it is known, as the own account's is; otherwise the one in the identity
     *     counts
     */
    public static boolean isOwned(byte[] signed, CurvePublic identity, Optional<CurvePublic> account) {
        try {
            ADVSignedDeviceIdentity claim = ADVSignedDeviceIdentity.parseFrom(signed);
            byte[] details = claim.getDetails().toByteArray();
            boolean hosted = ADVDeviceIdentity.parseFrom(details).getDeviceType() == ADVEncryptionType.HOSTED;
            byte[] key = account.map(CurvePublic::raw)
                    .orElse(claim.getAccountSignatureKey().toByteArray());
            byte[] ofAccount = joined(hosted ? HOSTED : ACCOUNT, details, identity.raw());
            byte[] ofDevice = claim.getDeviceSignature().toByteArray();
            return XEdDsa.verify(key, ofAccount, claim.getAccountSignature().toByteArray())
                    && (isBy(identity, DEVICE, details, key, ofDevice)
                            || hosted && isBy(identity, HOSTED_DEVICE, details, key, ofDevice));
        } catch (InvalidProtocolBufferException _) {
            return false;
        }
    }

    private static boolean isBy(CurvePublic device, byte[] prefix, byte[] details, byte[] account, byte[] signature) {
        return XEdDsa.verify(device.raw(), joined(prefix, details, device.raw(), account), signature);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
