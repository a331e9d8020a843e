package gateway.engine.web.noise;

import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import gateway.engine.web.primitive.Hmac;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.proto.NoiseProto.CertChain;
import gateway.engine.web.proto.NoiseProto.CertChain.NoiseCertificate;
import gateway.engine.web.signal.Curve;
import gateway.engine.web.signal.CurvePublic;
import gateway.engine.web.signal.XEdDsa;

/**
 * The server's proof that the static key of the handshake is WhatsApp's: a leaf certificate, signed by an intermediate
 * one, signed by a root key that is known beforehand. All of it is checked, the leaf's key above all, without which a
 * copied chain would do.
 */
public final class CertificateChain {
    /** WhatsApp's root key, 32 bytes (web-1 §2.4). */
    public static final CurvePublic WHATSAPP_ROOT =
            root(HexFormat.of().parseHex("142375574d0a587166aae71ebe516437c4a28b73e3695c6ce1f7f9545da8ee6b"));

    private static final int ROOT_SERIAL = 0;

    private CertificateChain() {}

    /**
     * The first check that a chain fails, or nothing when it is valid.
     *
     * @param chain     the serialized chain
     * @param root      the root key that is trusted
     * @param staticKey the server's static key of the handshake, 32 bytes
     */
    public static Optional<CertificateFault> check(byte[] chain, CurvePublic root, byte[] staticKey, Instant now) {
        try {
            CertChain parsed = CertChain.parseFrom(chain);
            NoiseCertificate leaf = parsed.getLeaf();
            NoiseCertificate intermediate = parsed.getIntermediate();
            if (!isWhole(leaf) || !isWhole(intermediate)) {
                return Optional.of(CertificateFault.MISSING_PART);
            }
            if (!hasSignatureLength(leaf) || !hasSignatureLength(intermediate)) {
                return Optional.of(CertificateFault.SIGNATURE_LENGTH);
            }
            if (!isSigned(intermediate, root.raw())) {
                return Optional.of(CertificateFault.INTERMEDIATE_SIGNATURE);
            }
            return details(leaf, intermediate, staticKey, now.getEpochSecond());
        } catch (InvalidProtocolBufferException _) {
            return Optional.of(CertificateFault.MALFORMED);
        }
    }

    private static Optional<CertificateFault> details(
            NoiseCertificate leaf, NoiseCertificate intermediate, byte[] staticKey, long now)
            throws InvalidProtocolBufferException {
        NoiseCertificate.Details above = NoiseCertificate.Details.parseFrom(intermediate.getDetails());
        if (above.getIssuerSerial() != ROOT_SERIAL) {
            return Optional.of(CertificateFault.INTERMEDIATE_ISSUER);
        }
        if (above.getKey().size() != Curve.KEY_BYTES) {
            return Optional.of(CertificateFault.INTERMEDIATE_KEY);
        }
        if (!isSigned(leaf, above.getKey().toByteArray())) {
            return Optional.of(CertificateFault.LEAF_SIGNATURE);
        }
        if (Long.compareUnsigned(now, above.getNotBefore()) < 0) {
            return Optional.of(CertificateFault.INTERMEDIATE_NOT_YET_VALID);
        }
        if (Long.compareUnsigned(now, above.getNotAfter()) > 0) {
            return Optional.of(CertificateFault.INTERMEDIATE_EXPIRED);
        }
        NoiseCertificate.Details below = NoiseCertificate.Details.parseFrom(leaf.getDetails());
        if (below.getIssuerSerial() != above.getSerial()) {
            return Optional.of(CertificateFault.LEAF_ISSUER);
        }
        if (!Hmac.equal(staticKey, below.getKey().toByteArray())) {
            return Optional.of(CertificateFault.LEAF_KEY);
        }
        if (Long.compareUnsigned(now, below.getNotBefore()) < 0) {
            return Optional.of(CertificateFault.LEAF_NOT_YET_VALID);
        }
        if (Long.compareUnsigned(now, below.getNotAfter()) > 0) {
            return Optional.of(CertificateFault.LEAF_EXPIRED);
        }
        return Optional.empty();
    }

    private static boolean isWhole(NoiseCertificate certificate) {
        return !certificate.getDetails().isEmpty()
                && !certificate.getSignature().isEmpty();
    }

    private static boolean hasSignatureLength(NoiseCertificate certificate) {
        return certificate.getSignature().size() == XEdDsa.SIGNATURE_BYTES;
    }

    private static boolean isSigned(NoiseCertificate certificate, byte[] key) {
        ByteString details = certificate.getDetails();
        return XEdDsa.verify(
                key, details.toByteArray(), certificate.getSignature().toByteArray());
    }

    private static CurvePublic root(byte[] raw) {
        try {
            return CurvePublic.of(raw);
        } catch (WireRefusal e) {
            throw new IllegalStateException("the built-in root key has 32 bytes", e);
        }
    }
}
