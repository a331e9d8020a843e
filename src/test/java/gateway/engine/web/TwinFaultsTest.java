package gateway.engine.web;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.engine.web.connection.End;
import gateway.engine.web.connection.RequestRefused;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.primitive.WireRefusal;
import gateway.twin.web.Twin;
import gateway.twin.web.TwinControl;

/** Each fault of the twin does what the twin's list says, as a device of the engine's layers sees it. */
@Timeout(60)
class TwinFaultsTest {
    private static final String OWN = "6281111111111";
    private static final String PEER = "6282222222222";
    private static final Duration SHORT = Duration.ofMillis(300);

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
    }

    @AfterEach
    void stop() throws Exception {
        device.close();
        twin.close();
    }

    private void link() throws Exception {
        control.post("/phones/" + OWN + "/scan", Map.of("qr", device.qr()));
        device.agree();
        device.activate();
    }

    private Node ask(String type, String namespace, Node child) throws Exception {
        return device.connection()
                .request(Node.of("iq")
                        .with("type", type)
                        .with("xmlns", namespace)
                        .with("to", DeviceJid.SERVER)
                        .holding(child));
    }

    private Node devices(String... people) throws Exception {
        List<Node> users = new ArrayList<>();
        for (String number : people) {
            users.add(Node.of("user").with("jid", DeviceJid.parse(number + "@s.whatsapp.net")));
        }
        return ask(
                        "get",
                        "usync",
                        Node.of("usync")
                                .with("mode", "query")
                                .with("context", "message")
                                .holding(
                                        Node.of("query")
                                                .holding(Node.of("devices").with("version", "2")),
                                        Node.of("list").holding(users)))
                .requiredChild("usync")
                .requiredChild("list");
    }

    private Node nextMessage() throws Exception {
        Node node = device.next();
        while (!node.is("message")) {
            node = device.next();
        }
        return node;
    }

    @ParameterizedTest
    @ValueSource(strings = {"bomb", "nested", "garbage"})
    void anElementThatIsNoneIsDroppedAlone(String fault) throws Exception {
        link();
        device.settled();
        control.fault(fault, "1");
        control.send(PEER, OWN, "lost");
        control.send(PEER, OWN, "after it");
        assertEquals("after it", device.receive().text());
        assertEquals(1, control.seen("fault", fault));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "replay", "bad_mac", "oversized"})
    void aFrameThatIsNoneEndsTheConnection(String fault) throws Exception {
        // The JDK's WebSocket now and then keeps silent about a server that has closed; the next sign of life finds it.
        device.watchful();
        link();
        device.settled();
        control.fault(fault, "1");
        control.send(PEER, OWN, "damaged");
        // The rest of a frame that was cut is waited for: what comes next is taken for it.
        control.send(PEER, OWN, "next");
        assertInstanceOf(End.Lost.class, device.end());
        device.activate();
        assertEquals("damaged", device.receive().text());
        assertEquals("next", device.receive().text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "compress",
                "split_frames",
                "edge_routing",
                "dirty",
                "no_offline_marker",
                "success_without_lid",
                "bundle_without_key",
                "hosted"
            })
    void whatIsUnusualButSoundIsTaken(String fault) throws Exception {
        control.fault(fault, "true");
        link();
        control.send(PEER, OWN, "one");
        assertEquals("one", device.receive().text());
        device.send(peer, "two");
        assertEquals(1, control.shown(PEER, "two"));
    }

    @Test
    void mergedFramesComeTogether() throws Exception {
        link();
        device.settled();
        control.fault("merge_frames", "1");
        control.send(PEER, OWN, "one");
        control.send(PEER, OWN, "two");
        assertEquals("one", device.receive().text());
        assertEquals("two", device.receive().text());
    }

    @Test
    void theMarkersAreThereOrNot() throws Exception {
        control.fault("success_without_lid", "true");
        control.fault("edge_routing", "true");
        control.fault("dirty", "true");
        control.post("/phones/" + OWN + "/scan", Map.of("qr", device.qr()));
        device.agree();
        device.login();
        assertTrue(device.next().attribute("lid").isEmpty());
        assertTrue(device.next().child("edge_routing").isPresent());
        assertTrue(device.next().child("dirty").isPresent());
        control.fault("success_without_lid", "");
        device.login();
        assertTrue(device.next().attribute("lid").isPresent());
    }

    @Test
    void theOfflineMarkerStaysAway() throws Exception {
        control.fault("no_offline_marker", "true");
        link();
        assertTrue(device.connection().next(SHORT).isEmpty());
    }

    @Test
    void aPhonesMessageNamesItsSenderInAnotherForm() throws Exception {
        link();
        control.fault("pn_sender", "1");
        control.send(PEER, OWN, "by number");
        Node byNumber = nextMessage();
        assertEquals(PEER, byNumber.requiredJid("from").user());
        assertEquals(peer, byNumber.requiredJid("sender_lid"));
        control.fault("no_mapping", "1");
        control.send(PEER, OWN, "alone");
        Node alone = nextMessage();
        assertEquals(peer, alone.requiredJid("from"));
        assertFalse(alone.attribute("sender_pn").isPresent());
    }

    @Test
    void aPoisonedMessageCannotBeOpened() throws Exception {
        link();
        control.fault("poison", "1");
        control.send(PEER, OWN, "poison");
        assertThrows(WireRefusal.class, () -> device.receive());
        control.send(PEER, OWN, "after it");
        assertEquals("after it", device.receive().text());
        // The twin takes the acknowledgement of the second message a moment after it was sent.
        await().untilAsserted(() -> assertEquals(
                1, control.get("/phones/" + OWN).get("unacknowledged").asInt()));
    }

    @Test
    void aPhoneAsksAgainForWhatItHas() throws Exception {
        link();
        control.fault("retry_receipt", "1");
        device.send(peer, "again");
        Node receipt = device.next();
        while (!receipt.attribute("type").map("retry"::equals).orElse(false)) {
            receipt = device.next();
        }
        assertEquals(1, control.shown(PEER, "again"));
    }

    @Test
    void anAcknowledgementNamesAnotherDeviceList() throws Exception {
        link();
        control.fault("stale_phash", "true");
        assertEquals("2:AAAAAAAA", device.send(peer, "stale").required("phash"));
    }

    @Test
    void keysOfThePhoneAreMissing() throws Exception {
        link();
        control.fault("bundle_without_phone", "true");
        assertThrows(WireRefusal.class, () -> device.send(peer, "never"));
        assertEquals(0, control.shown(PEER, "never"));
    }

    @Test
    void deviceListsAreOddInTheirWays() throws Exception {
        link();
        assertTrue(devices(PEER).requiredChild("user").child("lid").isPresent());
        assertEquals(1, devices(PEER).children().size());
        control.fault("usync_without_lid", "true");
        assertTrue(devices(PEER).requiredChild("user").child("lid").isEmpty());
        control.fault("usync_both_forms", "true");
        assertEquals(2, devices(PEER).children().size());
        control.fault("usync_max", "1");
        assertThrows(RequestRefused.class, () -> devices(PEER, OWN));
    }

    @Test
    void aQuestionIsRefused() throws Exception {
        link();
        control.fault("iq_error", "encrypt 500");
        assertThrows(RequestRefused.class, () -> ask("get", "encrypt", Node.of("count")));
        control.fault("iq_error", "");
        ask("get", "encrypt", Node.of("count"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"iq_silence", "deaf"})
    void aQuestionIsNotAnswered(String fault) throws Exception {
        link();
        control.fault(fault, fault.equals("deaf") ? "true" : "encrypt");
        Node question = Node.of("iq")
                .with("type", "get")
                .with("xmlns", "encrypt")
                .with("to", DeviceJid.SERVER)
                .holding(Node.of("count"));
        assertThrows(TimeoutException.class, () -> device.connection().request(question, SHORT));
        control.fault(fault, "");
    }

    @Test
    void theKeysRunOut() throws Exception {
        link();
        control.post("/phones/" + OWN + "/prekeys", Map.of("left", 3));
        Node notice = device.next();
        while (!notice.is("notification")) {
            notice = device.next();
        }
        assertEquals("3", notice.requiredChild("count").required("value"));
        assertEquals(
                "3",
                ask("get", "encrypt", Node.of("count")).requiredChild("count").required("value"));
    }

    @Test
    void theStreamEndsWithAChildOfAnUnknownName() throws Exception {
        link();
        control.post("/disconnect", Map.of("child", "ack"));
        assertNotEquals("", device.end().text());
    }

    @Test
    void theLedgerTellsWhatWasSet() {
        control.fault("usync_max", "100");
        assertEquals(1, control.seen("fault set", "usync_max 100"));
        assertThrows(IllegalStateException.class, () -> control.fault("no_such_fault", "1"));
    }
}
