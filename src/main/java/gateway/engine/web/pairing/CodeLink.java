package gateway.engine.web.pairing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;
import gateway.engine.web.signal.CurvePair;
import gateway.engine.web.signal.CurvePublic;

/**
 * Pairing by a code, from its request to its last stanza (web-1 §4.3). The state lives as long as the unpaired
 * connection.
 *
 * @param code      eight characters, which the person types into the phone
 * @param ephemeral this device's pair of the exchange
 * @param phone     the account's number
 */
public record CodeLink(String code, CurvePair ephemeral, DeviceJid phone) {
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{6,14}");
    private static final String TAG = "link_code_companion_reg";
    private static final String REF = "link_code_pairing_ref";
    private static final byte[] NONCE = {0};

    /**
     * A new code for a number.
     *
     * @param number international digits without a plus sign, 7 to 15
     * @throws IllegalArgumentException for any other text
     */
    public static CodeLink begin(String number, RandomGenerator random) {
        if (!NUMBER.matcher(number).matches()) {
            throw new IllegalArgumentException("is not an international number in 7 to 15 digits");
        }
        return new CodeLink(PairingCode.draw(random), CurvePair.draw(random), DeviceJid.of(number, DeviceJid.PHONE));
    }

    /** The request that makes the phone ask its owner for the code. It lacks its id. */
    public Node hello(DeviceCredentials credentials, ClientProfile profile, RandomGenerator random) {
        return request()
                .holding(Node.of(TAG)
                        .with("jid", phone)
                        .with("stage", "companion_hello")
                        .with("should_show_push_notification", "true")
                        .holding(
                                Node.of("link_code_pairing_wrapped_companion_ephemeral_pub")
                                        .holding(PairingCode.wrap(code, ephemeral.known(), random)),
                                Node.of("companion_server_auth_key_pub")
                                        .holding(credentials.noise().known().raw()),
                                Node.of("companion_platform_id").holding(profile.platformId()),
                                Node.of("companion_platform_display").holding(bytes(profile.display())),
                                Node.of("link_code_pairing_nonce").holding(NONCE)));
    }

    /** @throws WireRefusal ({@code MALFORMED}) when the answer to the request has no ref */
    public static byte[] ref(Node answer) throws WireRefusal {
        return answer.requiredChild(TAG).requiredChild(REF).bytes();
    }

    /** Whether a stanza is the phone's part of such an exchange. */
    public static boolean isPhonesPart(Node stanza) {
        return stanza.is("notification") && stanza.has("type", TAG);
    }

    /**
     * The last stanza, from the phone's part. It lacks its id.
     *
     * @param ref what the server gave with the answer to the request
     * @throws WireRefusal for a part of another exchange, or one that is not whole
     */
    public Finish finish(Node part, byte[] ref, DeviceCredentials credentials, RandomGenerator random)
            throws WireRefusal {
        Node link = part.requiredChild(TAG);
        if (!Arrays.equals(ref, link.requiredChild(REF).bytes())) {
            throw new WireRefusal(Reason.MALFORMED, "the phone answers another code's request");
        }
        CurvePublic theirs = PairingCode.unwrap(
                code,
                link.requiredChild("link_code_pairing_wrapped_primary_ephemeral_pub")
                        .bytes());
        CurvePublic account =
                CurvePublic.of(link.requiredChild("primary_identity_pub").bytes());
        PairingCode.Sealed sealed = PairingCode.seal(ephemeral, credentials.identity(), theirs, account, random);
        Node request = request()
                .holding(Node.of(TAG)
                        .with("jid", phone)
                        .with("stage", "companion_finish")
                        .holding(
                                Node.of("link_code_pairing_wrapped_key_bundle").holding(sealed.bundle()),
                                Node.of("companion_identity_public")
                                        .holding(credentials.identity().known().raw()),
                                Node.of(REF).holding(ref)));
        return new Finish(credentials.withAdvSecret(sealed.advSecret()), request);
    }

    private static Node request() {
        return Node.of("iq").with("type", "set").with("xmlns", "md").with("to", DeviceJid.SERVER);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "CodeLink[" + phone + "]";
    }

    /** The credentials with the secret that code and phone agreed on, to be kept before the stanza is sent. */
    public record Finish(DeviceCredentials credentials, Node request) {}
}
