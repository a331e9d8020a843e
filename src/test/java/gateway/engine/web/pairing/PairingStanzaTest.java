package gateway.engine.web.pairing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.primitive.AesGcm;
import gateway.engine.web.primitive.Hmac;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.proto.PairingProto.ADVDeviceIdentity;
import gateway.engine.web.proto.PairingProto.ADVSignedDeviceIdentity;
import gateway.engine.web.proto.PairingProto.ADVSignedDeviceIdentityHMAC;
import gateway.engine.web.signal.Curve;
import gateway.engine.web.signal.CurvePair;
import gateway.engine.web.signal.Secret32;
import gateway.engine.web.signal.XEdDsa;

class PairingStanzaTest {
    private static final ClientProfile PROFILE =
            new ClientProfile(ClientVersion.BUILT_IN, "Mac OS", "Chrome", "US", false);
    private static final DeviceJid JID = DeviceJid.of("15550001111", 3, DeviceJid.PHONE);
    private static final DeviceJid LID = DeviceJid.of("99887766554433", 3, DeviceJid.LID);

    private final Random random = new Random(19);
    private final DeviceCredentials credentials = DeviceCredentials.draw(random);
    private final CurvePair phone = CurvePair.draw(random);

    @Test
    void anOfferOfRefsIsAnsweredAtOnce() throws Exception {
        Node offer = Node.of("iq")
                .with("id", "7")
                .with("type", "set")
                .holding(Node.of("pair-device")
                        .holding(
                                Node.of("ref").holding("2@a".getBytes()),
                                Node.of("ref").holding("2@b")));
        PairDevice read = PairDevice.of(offer).orElseThrow();
        assertEquals(Arrays.asList("2@a", "2@b"), read.refs());
        assertTrue(read.answer().has("id", "7") && read.answer().has("type", "result"));
        assertEquals(Optional.empty(), PairDevice.of(Node.of("iq")));
        assertThrows(
                WireRefusal.class,
                () -> PairDevice.of(Node.of("iq").with("id", "7").holding(Node.of("pair-device"))));
    }

    @Test
    void anAgreementIsStoredThenAnswered() throws Exception {
        PairSuccess success =
                PairSuccess.of(agreement(credentials.advSecret(), phone)).orElseThrow();
        PairSuccess.Linked linked = success.accept(credentials, random);
        DeviceCredentials.Paired paired = linked.credentials().paired().orElseThrow();
        assertEquals(JID, paired.jid());
        assertEquals(Optional.of(LID), paired.lid());
        assertEquals("android", paired.platform());
        assertEquals("A shop", paired.businessName());
        assertEquals(phone.known(), paired.account());
        Node signed = linked.answer().requiredChild("pair-device-sign").requiredChild("device-identity");
        assertEquals("4", signed.required("key-index"));
        assertFalse(ADVSignedDeviceIdentity.parseFrom(signed.bytes()).hasAccountSignatureKey());
    }

    @Test
    void aForgedAgreementIsAnsweredWithItsError() throws Exception {
        PairSuccess wrongMac =
                PairSuccess.of(agreement(Secret32.of(new byte[32]), phone)).orElseThrow();
        WireRefusal mac = assertThrows(WireRefusal.class, () -> wrongMac.accept(credentials, random));
        assertEquals("<401 hmac-mismatch>", error(wrongMac.refusal(mac)));
        PairSuccess wrongKey = PairSuccess.of(agreement(credentials.advSecret(), CurvePair.draw(random)))
                .orElseThrow();
        PairSuccess forged =
                new PairSuccess(wrongKey.id(), JID, Optional.of(LID), "", "", forgedAccount(credentials.advSecret()));
        WireRefusal signature = assertThrows(WireRefusal.class, () -> forged.accept(credentials, random));
        assertEquals("<401 signature-mismatch>", error(forged.refusal(signature)));
        PairSuccess noise = new PairSuccess("9", JID, Optional.empty(), "", "", new byte[] {1, 2, 3});
        WireRefusal malformed = assertThrows(WireRefusal.class, () -> noise.accept(credentials, random));
        assertEquals("<500 internal-error>", error(noise.refusal(malformed)));
    }

    @Test
    void anAgreementForNobodysDeviceIsRefused() {
        for (DeviceJid jid : Arrays.asList(
                JID.withDevice(0), DeviceJid.of("", DeviceJid.PHONE), LID, DeviceJid.of("abc", 3, DeviceJid.PHONE))) {
            Node stanza = Node.of("iq")
                    .with("id", "7")
                    .holding(Node.of("pair-success")
                            .holding(
                                    Node.of("device").with("jid", jid),
                                    Node.of("device-identity").holding(new byte[3])));
            assertThrows(WireRefusal.class, () -> PairSuccess.of(stanza), jid.text());
        }
    }

    /** The phone's side of the exchange by code, written from the other end. */
    @Test
    void aCodeLeadsBothSidesToTheSameSecret() throws Exception {
        CodeLink link = CodeLink.begin("15550001111", random);
        Node hello = link.hello(credentials, PROFILE, random).requiredChild("link_code_companion_reg");
        assertEquals(
                "Chrome (Mac OS)",
                hello.requiredChild("companion_platform_display").text());
        CurvePair ephemeral = CurvePair.draw(random);
        Node part = Node.of("notification")
                .with("type", "link_code_companion_reg")
                .holding(Node.of("link_code_companion_reg")
                        .holding(
                                Node.of("link_code_pairing_wrapped_primary_ephemeral_pub")
                                        .holding(PairingCode.wrap(link.code(), ephemeral.known(), random)),
                                Node.of("primary_identity_pub")
                                        .holding(phone.known().raw()),
                                Node.of("link_code_pairing_ref").holding("ref")));
        assertTrue(CodeLink.isPhonesPart(part));
        CodeLink.Finish finish = link.finish(part, "ref".getBytes(), credentials, random);
        byte[] bundle = finish.request()
                .requiredChild("link_code_companion_reg")
                .requiredChild("link_code_pairing_wrapped_key_bundle")
                .bytes(PairingCode.BUNDLE_BYTES);
        byte[] shared = Curve.agree(
                ephemeral.secret().bytes(),
                PairingCode.unwrap(
                                link.code(),
                                hello.requiredChild("link_code_pairing_wrapped_companion_ephemeral_pub")
                                        .bytes())
                        .raw());
        byte[] plain = AesGcm.decrypt(
                PairingCode.bundleKey(shared, Arrays.copyOf(bundle, 32)),
                Arrays.copyOfRange(bundle, 32, 44),
                Arrays.copyOfRange(bundle, 44, 156),
                new byte[0]);
        assertArrayEquals(credentials.identity().known().raw(), Arrays.copyOf(plain, 32));
        assertArrayEquals(phone.known().raw(), Arrays.copyOfRange(plain, 32, 64));
        assertFalse(finish.credentials().advSecret().equals(credentials.advSecret()));
        assertThrows(WireRefusal.class, () -> link.finish(part, "other".getBytes(), credentials, random));
    }

    @Test
    void onlyInternationalNumbersGetACode() {
        for (String number :
                Arrays.asList("", "123456", "0155500011", "+15550001111", "1555 000111", "1234567890123456")) {
            assertThrows(IllegalArgumentException.class, () -> CodeLink.begin(number, random), number);
        }
    }

    private static String error(Node answer) throws WireRefusal {
        Node error = answer.requiredChild("error");
        return "<" + error.required("code") + " " + error.required("text") + ">";
    }

    private Node agreement(Secret32 secret, CurvePair account) {
        return Node.of("iq")
                .with("id", "8")
                .with("type", "set")
                .holding(Node.of("pair-success")
                        .holding(
                                Node.of("device-identity")
                                        .holding(content(secret, account.known().raw(), account)),
                                Node.of("device").with("jid", JID).with("lid", LID),
                                Node.of("platform").with("name", "android"),
                                Node.of("biz").with("name", "A shop")));
    }

    /** An identity with the account's own key, signed by somebody else's. */
    private byte[] forgedAccount(Secret32 secret) {
        return content(secret, phone.known().raw(), CurvePair.draw(random));
    }

    private byte[] content(Secret32 secret, byte[] key, CurvePair signer) {
        byte[] details = ADVDeviceIdentity.newBuilder()
                .setRawId(1)
                .setKeyIndex(4)
                .build()
                .toByteArray();
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(new byte[] {6, 0});
        message.writeBytes(details);
        message.writeBytes(credentials.identity().known().raw());
        byte[] signed = ADVSignedDeviceIdentity.newBuilder()
                .setDetails(ByteString.copyFrom(details))
                .setAccountSignatureKey(ByteString.copyFrom(key))
                .setAccountSignature(
                        ByteString.copyFrom(XEdDsa.sign(signer.secret().bytes(), message.toByteArray())))
                .build()
                .toByteArray();
        return ADVSignedDeviceIdentityHMAC.newBuilder()
                .setDetails(ByteString.copyFrom(signed))
                .setHmac(ByteString.copyFrom(Hmac.sha256(secret.bytes(), signed)))
                .build()
                .toByteArray();
    }
}
