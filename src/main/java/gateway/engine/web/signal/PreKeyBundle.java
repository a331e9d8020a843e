package gateway.engine.web.signal;

import java.util.Optional;

/**
 * What another device published so that a session can be opened without it.
 *
 * @param registrationId the device's registration id (32 bits, unsigned)
 * @param identity       the device's identity key
 * @param signedPreKeyId the signed pre-key's id (24 bits)
 * @param signedPreKey   the signed pre-key
 * @param signature      the identity's XEdDSA signature over the signed pre-key with its type byte, 64 bytes
 * @param oneTime        a one-time pre-key, when the server had one left
 */
public record PreKeyBundle(
        int registrationId,
        CurvePublic identity,
        int signedPreKeyId,
        CurvePublic signedPreKey,
        byte[] signature,
        Optional<OneTime> oneTime) {
    /** A one-time pre-key and its id (24 bits). */
    public record OneTime(int id, CurvePublic key) {}

    boolean isSigned() {
        return XEdDsa.verify(identity.raw(), signedPreKey.view(), signature);
    }
}
