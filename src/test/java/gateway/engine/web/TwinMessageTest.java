package gateway.engine.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import gateway.engine.web.connection.End;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.primitive.WireRefusal;
import gateway.twin.web.Twin;
import gateway.twin.web.TwinControl;

/** The engine's layers talk with a phone whose Signal is code of its own. */
@Timeout(60)
class TwinMessageTest {
    private static final String OWN = "6281111111111";
    private static final String PEER = "6282222222222";

    private Twin twin;
    private TwinControl control;
    private LinkedDevice device;
    private DeviceJid peer;

    @BeforeEach
    void start() throws Exception {
        twin = new Twin(0);
        control = new TwinControl(twin);
        control.post("/phones", Map.of("number", OWN));
        control.post("/phones", Map.of("number", PEER));
        peer = DeviceJid.parse(control.get("/phones/" + PEER).get("lid").asText());
        device = new LinkedDevice(twin).register();
        control.post("/phones/" + OWN + "/scan", Map.of("qr", device.qr()));
        device.agree();
        device.activate();
    }

    @AfterEach
    void stop() throws Exception {
        device.close();
        twin.close();
    }

    @Test
    void textsGoBothWaysInASessionThatTheDeviceOpened() throws Exception {
        assertFalse(device.send(peer, "first").attribute("error").isPresent());
        device.send(peer, "second");
        assertEquals(1, control.shown(PEER, "first"));
        assertEquals(1, control.shown(PEER, "second"));
        String id = control.send(PEER, OWN, "answer");
        LinkedDevice.Received received = device.receive();
        assertEquals("answer", received.text());
        assertEquals(id, received.id());
        assertEquals(peer, received.source().sender());
        assertEquals(PEER, received.source().senderAlternate().orElseThrow().user());
        device.send(peer, "third");
        assertEquals(1, control.shown(PEER, "third"));
        assertTrue(TwinControl.awaited(() -> receipts() == 1));
    }

    @Test
    void aPhonesFirstTextOpensASessionAndUsesAPreKeyUp() throws Exception {
        int before = device.preKeysLeft();
        control.send(PEER, OWN, "out of the blue");
        assertEquals("out of the blue", device.receive().text());
        assertEquals(before - 1, device.preKeysLeft());
        device.send(peer, "answer");
        assertEquals(1, control.shown(PEER, "answer"));
    }

    @Test
    void whatWasNotAnsweredWithAReceiptComesAgain() throws Exception {
        device.connection().close();
        assertTrue(TwinControl.awaited(() -> control.seen("connection ended", "") > 1));
        control.send(PEER, OWN, "while away");
        device.activate();
        assertEquals("while away", device.receive().text());
        assertTrue(TwinControl.awaited(() -> receipts() == 1));
    }

    @Test
    void aDuplicateIsRefusedAndHarmsNothing() throws Exception {
        control.fault("duplicate", "1");
        control.send(PEER, OWN, "once");
        assertEquals("once", device.receive().text());
        assertEquals(
                WireRefusal.Reason.DUPLICATE,
                assertThrows(WireRefusal.class, () -> device.receive()).reason());
        control.send(PEER, OWN, "after");
        assertEquals("after", device.receive().text());
    }

    @Test
    void aForgedSignedPreKeyOpensNoSession() {
        control.fault("prekey_signature", "bad");
        WireRefusal refusal = assertThrows(WireRefusal.class, () -> device.send(peer, "never"));
        assertEquals(WireRefusal.Reason.BAD_SIGNATURE, refusal.reason());
        assertEquals(0, control.shown(PEER, "never"));
    }

    @Test
    void garbageIsDroppedAlone() throws Exception {
        device.settled();
        control.fault("garbage", "1");
        control.send(PEER, OWN, "lost in garbage");
        control.send(PEER, OWN, "after it");
        assertEquals("after it", device.receive().text());
        device.activate();
        assertEquals("lost in garbage", device.receive().text());
    }

    @Test
    void aDamagedFrameEndsTheConnectionAndTheMessageComesAgain() throws Exception {
        device.settled();
        control.fault("bad_mac", "1");
        control.send(PEER, OWN, "damaged");
        assertEquals(new End.Lost("a frame does not open"), device.end());
        device.activate();
        assertEquals("damaged", device.receive().text());
    }

    @Test
    void aRefusedMessageCarriesItsCode() throws Exception {
        control.fault("message_error", "463");
        assertEquals("463", device.send(peer, "refused").required("error"));
    }

    private long receipts() {
        return control.entries()
                .filter(entry -> entry.get("what").asText().equals("received")
                        && entry.get("detail").asText().startsWith("receipt"))
                .count();
    }
}
