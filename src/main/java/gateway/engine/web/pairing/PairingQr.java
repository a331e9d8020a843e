package gateway.engine.web.pairing;

import java.util.Base64;

import gateway.engine.web.signal.CurvePublic;
import gateway.engine.web.signal.Secret32;

/** The text of a pairing QR code (web-1 §4.1). Whoever reads it can link the device: it is a secret. */
public final class PairingQr {
    private static final String PREFIX = "https://wa.me/settings/linked_devices#";

    private PairingQr() {}

    /** The text for one of the server's refs. */
    public static String text(String ref, DeviceCredentials credentials, ClientProfile profile) {
        return text(
                ref,
                credentials.noise().known(),
                credentials.identity().known(),
                credentials.advSecret(),
                profile.platformId());
    }

    static String text(String ref, CurvePublic noise, CurvePublic identity, Secret32 advSecret, String platformId) {
        Base64.Encoder base64 = Base64.getEncoder();
        return PREFIX
                + String.join(
                        ",",
                        ref,
                        base64.encodeToString(noise.raw()),
                        base64.encodeToString(identity.raw()),
                        base64.encodeToString(advSecret.bytes()),
                        platformId);
    }
}
