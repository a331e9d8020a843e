package gateway.engine.web.receive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import gateway.engine.web.Vectors;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.node.VectorNodes;
import gateway.engine.web.primitive.WireRefusal;

/** What the server tells beside messages, as the vectors have it. */
class StanzaNoticesTest {
    private static final DeviceJid ADA = DeviceJid.parse("100000000000101@lid");

    private static Node received(String name) throws Exception {
        return VectorNodes.read(Vectors.cases("inbound-stanzas.json").stream()
                .filter(one -> one.get("name").asText().equals(name))
                .findFirst()
                .orElseThrow()
                .get("received"));
    }

    @Test
    void aPrivacyTokenIsFiledUnderTheLid() throws Exception {
        Node stanza = received("privacy token of a contact");
        List<PrivacyTokenNotice> notices = PrivacyTokenNotice.of(stanza, stanza.requiredJid("from"));
        assertEquals(1, notices.size());
        assertEquals(ADA, notices.getFirst().person());
        assertArrayEquals(new byte[] {10, 11, 12}, notices.getFirst().token());
        assertEquals(1_764_300_000, notices.getFirst().issuedAt());
    }

    @Test
    void whatIsNoTokenIsPassedOver() throws Exception {
        Node token = Node.of("token").with("type", "trusted_contact").with("t", "1");
        assertEquals(List.of(), of(token));
        assertEquals(List.of(), of(token.with("type", "other").holding(new byte[3])));
        assertEquals(List.of(), of(token.holding(new byte[PrivacyTokenNotice.MAX_BYTES + 1])));
        assertEquals(
                1, of(token.holding(new byte[PrivacyTokenNotice.MAX_BYTES])).size());
        assertThrows(WireRefusal.class, () -> of(token.with("t", "later").holding(new byte[3])));
    }

    private static List<PrivacyTokenNotice> of(Node token) throws WireRefusal {
        return PrivacyTokenNotice.of(
                Node.of("notification").holding(Node.of("tokens").holding(token)), ADA);
    }

    @Test
    void typingAndRecordingAreTold() throws Exception {
        assertEquals(
                Optional.of(new ChatStates(
                        DeviceJid.parse("14155550101@s.whatsapp.net"),
                        DeviceJid.parse("14155550101@s.whatsapp.net"),
                        true,
                        false)),
                ChatStates.of(received("typing")));
        assertEquals(
                Optional.of(new ChatStates(DeviceJid.parse("120363000000000101@g.us"), ADA, true, true)),
                ChatStates.of(received("recording in a group")));
        assertFalse(ChatStates.of(received("stopped")).orElseThrow().composing());
    }

    @Test
    void onlyAnOfferThatRingsIsACall() throws Exception {
        CallNotice call = CallNotice.of(received("call: offer, video")).orElseThrow();
        assertEquals("CALL1", call.id());
        assertEquals(ADA, call.creator());
        assertEquals(Optional.of(DeviceJid.parse("14155550101@s.whatsapp.net")), call.number());
        assertEquals("android", call.platform());
        assertTrue(CallNotice.of(received("call: group notice"))
                .orElseThrow()
                .group()
                .isPresent());
        assertEquals(Optional.empty(), CallNotice.of(received("call: ended unanswered")));
        assertEquals(Optional.empty(), CallNotice.of(received("call: offline offer")));
    }
}
