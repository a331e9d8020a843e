package gateway.engine.web;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.Program;
import gateway.TwinPhones;
import gateway.WebPairing;
import gateway.crash.Sink;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.twin.web.TwinControl;

/** The real program beside a second device, linked to the same phone or to the phone of the person it writes to. */
@Timeout(120)
class SiblingTest {
    private static final String OWN = TwinPhones.OWN;
    private static final String PEER = TwinPhones.PEER;
    private static final String SECRET = "5f0c8a17d3e94b62a1c7f08e2d6b935c";

    @TempDir
    Path folder;

    @RegisterExtension
    private final TwinPhones phones = new TwinPhones(OWN, PEER);

    private final TwinControl control = phones.control;
    private Sink sink;
    private Program program;
    private LinkedDevice device;

    @BeforeEach
    void start() throws Exception {
        sink = new Sink(() -> SECRET);
        var environment = new HashMap<>(WebPairing.settings(phones.twin));
        environment.putAll(sink.settings());
        environment.put("WHATSAPP_WEBHOOK_DIALECT", "v8");
        environment.put("WHATSAPP_SEND_WAIT", "20s");
        program = Program.rest(folder, environment);
        phones.link(program);
        device = new LinkedDevice(phones.twin);
    }

    @AfterEach
    void stop() throws Exception {
        device.close();
        program.close();
        sink.close();
    }

    private void link(String owner) throws Exception {
        device.register();
        control.post("/phones/" + owner + "/scan", Map.of("qr", device.qr()));
        device.agree();
        device.activate();
    }

    private void send(String text) throws Exception {
        assertEquals(
                200,
                program.post("/send/message", "{\"phone\":\"" + PEER + "\",\"message\":\"" + text + "\"}")
                        .statusCode());
    }

    /** The program knows the list of devices without the new one until the server tells of the change. */
    @ParameterizedTest
    @ValueSource(strings = {OWN, PEER})
    void aDeviceThatIsLinkedLaterGetsWhatTheProgramSends(String owner) throws Exception {
        send("before");
        link(owner);
        assertTrue(TwinControl.awaited(() -> control.seen("received", "ack {class=notification") > 0));
        send("for the new device as well");
        assertEquals("for the new device as well", device.receive().text());
    }

    @Test
    void whatASiblingReadWasReadInTheChatWithThePeer() throws Exception {
        link(OWN);
        var id = control.send(PEER, OWN, "to both");
        var read = device.receive();
        assertEquals("to both", read.text());
        device.connection()
                .send(Node.of("receipt")
                        .with("id", id)
                        .with("to", read.source().sender())
                        .with("type", "read"));
        await().untilAsserted(() -> assertTrue(
                sink.bodies().stream()
                        .anyMatch(body -> body.contains("\"receipt_type\":\"read-self\"")
                                && body.contains("\"chat_id\":\"" + PEER + "@" + DeviceJid.PHONE + "\"")),
                () -> sink.bodies().toString()));
    }

    @Test
    void aChangeThatComesInTwoPartsIsToldOnce() {
        var id = control.send(PEER, OWN, "words");
        control.fault("double_part", "1");
        control.forge(PEER, OWN, "edit", id, "better words");
        control.send(PEER, OWN, "after");
        await().until(() -> told("\"body\":\"after\"") == 1);
        await().during(Duration.ofMillis(500)).until(() -> told("\"event\":\"message.edited\"") == 1);
        assertEquals(1, control.seen("fault", "double_part"));
    }

    private long told(String part) {
        return sink.bodies().stream().filter(body -> body.contains(part)).count();
    }
}
