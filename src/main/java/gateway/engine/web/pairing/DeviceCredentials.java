package gateway.engine.web.pairing;

import java.util.Optional;
import java.util.random.RandomGenerator;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.signal.CurvePair;
import gateway.engine.web.signal.CurvePublic;
import gateway.engine.web.signal.LocalIdentity;
import gateway.engine.web.signal.Secret32;
import gateway.engine.web.signal.XEdDsa;

/**
 * What makes this process a device of an account: its keys, and once it is paired, who it is. To be kept sealed.
 *
 * @param noise          the long-lived pair of the Noise handshake
 * @param identity       the identity key of Signal, which also signs
 * @param signedPreKey   the signed pre-key of the moment
 * @param registrationId Signal's number of this installation, 1 to 16,383
 * @param advSecret      the secret that the QR text shares with the phone
 * @param paired         empty until the phone has agreed
 * @param routing        what the server gave for the next connection's intro; empty when it gave none
 */
public record DeviceCredentials(
        CurvePair noise,
        CurvePair identity,
        SignedPreKey signedPreKey,
        int registrationId,
        Secret32 advSecret,
        Optional<Paired> paired,
        byte[] routing) {
    private static final int REGISTRATION_IDS = (1 << 14) - 1;
    private static final int SECRET_BYTES = 32;

    /** New keys for a device that is to be paired. */
    public static DeviceCredentials draw(RandomGenerator random) {
        CurvePair identity = CurvePair.draw(random);
        return new DeviceCredentials(
                CurvePair.draw(random),
                identity,
                SignedPreKey.draw(1, identity, random),
                1 + random.nextInt(REGISTRATION_IDS),
                drawSecret(random),
                Optional.empty(),
                new byte[0]);
    }

    /** Signal's view of this device. */
    public LocalIdentity local() {
        return new LocalIdentity(identity, registrationId);
    }

    public DeviceCredentials withAdvSecret(Secret32 secret) {
        return new DeviceCredentials(noise, identity, signedPreKey, registrationId, secret, paired, routing);
    }

    /** The same device with another secret: the old one has been shown. */
    public DeviceCredentials withNewAdvSecret(RandomGenerator random) {
        return withAdvSecret(drawSecret(random));
    }

    public DeviceCredentials withPaired(Paired account) {
        return new DeviceCredentials(
                noise, identity, signedPreKey, registrationId, advSecret, Optional.of(account), routing);
    }

    public DeviceCredentials withRouting(byte[] given) {
        return new DeviceCredentials(noise, identity, signedPreKey, registrationId, advSecret, paired, given);
    }

    static Secret32 drawSecret(RandomGenerator random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return Secret32.of(secret);
    }

    /**
     * A pre-key that stays for a while, signed by the identity key over its 33 bytes.
     *
     * @param id 24 bits
     */
    public record SignedPreKey(int id, CurvePair pair, byte[] signature) {
        public static SignedPreKey draw(int id, CurvePair identity, RandomGenerator random) {
            CurvePair pair = CurvePair.draw(random);
            byte[] signature =
                    XEdDsa.sign(identity.secret().bytes(), pair.known().typed(), random);
            return new SignedPreKey(id, pair, signature);
        }
    }

    /**
     * The account as pairing has told it.
     *
     * @param jid            the own number with this device
     * @param lid            the own LID with this device, when the server has told it
     * @param platform       the phone's kind: {@code android}, {@code ios}, {@code smba}, {@code smbi}; may be empty
     * @param businessName   the verified name, or empty
     * @param signedIdentity the whole ADVSignedDeviceIdentity, as it goes into stanzas that open sessions
     * @param account        the phone's identity key
     */
    public record Paired(
            DeviceJid jid,
            Optional<DeviceJid> lid,
            String platform,
            String businessName,
            byte[] signedIdentity,
            CurvePublic account) {
        /** The same account with an own LID that the server told later. */
        public Paired withLid(DeviceJid told) {
            return new Paired(jid, Optional.of(told), platform, businessName, signedIdentity, account);
        }
    }
}
