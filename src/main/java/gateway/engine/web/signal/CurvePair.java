package gateway.engine.web.signal;

import java.util.random.RandomGenerator;

import gateway.engine.web.primitive.WireRefusal;

/** An X25519 key pair: {@code secret} of 32 bytes, {@code known} its public key. */
public record CurvePair(Secret32 secret, CurvePublic known) {
    /** The pair of a private key of 32 bytes. */
    public static CurvePair of(byte[] privateKey) {
        return new CurvePair(Secret32.of(privateKey), CurvePublic.known(Curve.publicKey(privateKey)));
    }

    /** A new pair; {@code random} is asked once, for 32 bytes. */
    public static CurvePair draw(RandomGenerator random) {
        return of(Curve.privateKey(random));
    }

    /**
     * The shared secret with another party's public key.
     *
     * @throws WireRefusal ({@code BAD_KEY}) for a key of small order
     */
    public byte[] agree(CurvePublic theirs) throws WireRefusal {
        return Curve.agree(secret.view(), theirs.raw());
    }
}
