package gateway.engine.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.twin.web.Twin;
import gateway.twin.web.TwinControl;

/** What the twin carries between two linked devices: messages, receipts, questions, and the news of a device. */
@Timeout(60)
class TwinCarriageTest {
    private static final String OWN = "6281111111111";
    private static final String PEER = "6282222222222";

    private static final Duration SHORT = Duration.ofMillis(300);

    private Twin twin;
    private TwinControl control;
    private LinkedDevice device;
    private LinkedDevice other;

    @BeforeEach
    void start() throws Exception {
        twin = new Twin(0);
        control = new TwinControl(twin);
        device = linked(OWN);
        other = linked(PEER);
    }

    private LinkedDevice linked(String number) throws Exception {
        control.post("/phones", Map.of("number", number));
        LinkedDevice fresh = new LinkedDevice(twin).register();
        control.post("/phones/" + number + "/scan", Map.of("qr", fresh.qr()));
        fresh.agree();
        return fresh.activate();
    }

    @AfterEach
    void stop() throws Exception {
        device.close();
        other.close();
        twin.close();
    }

    private static DeviceJid lid(LinkedDevice device) {
        return device.account().lid().orElseThrow();
    }

    private static Node next(LinkedDevice device, String tag) throws Exception {
        Node node = device.next();
        while (!node.is(tag)) {
            node = device.next();
        }
        return node;
    }

    @Test
    void aReceiptGoesBackToTheDeviceThatSent() throws Exception {
        device.send(lid(other), "one");
        String id = other.receive().id();
        Node receipt = next(device, "receipt");
        assertEquals(id, receipt.required("id"));
        assertEquals(lid(other), receipt.requiredJid("from"));
    }

    @Test
    void aQuestionGoesToTheDeviceThatSentWithAllItHolds() throws Exception {
        device.send(lid(other), "one");
        Node message = next(other, "message");
        other.connection()
                .send(Node.of("receipt")
                        .with("id", message.required("id"))
                        .with("to", message.requiredJid("from"))
                        .with("type", "retry")
                        .holding(Node.of("retry").with("count", "1")));
        Node question = next(device, "receipt");
        assertEquals("retry", question.required("type"));
        assertEquals(lid(other), question.requiredJid("from"));
        assertEquals("1", question.requiredChild("retry").required("count"));
    }

    @Test
    void aReadReceiptGoesToEveryDeviceOfThePerson() throws Exception {
        other.connection()
                .send(Node.of("receipt")
                        .with("id", "3EB0")
                        .with("to", lid(device).withoutDevice())
                        .with("type", "read"));
        assertEquals("read", next(device, "receipt").required("type"));
    }

    @Test
    void aSwappedMessageComesAfterTheNext() throws Exception {
        control.fault("swap", "1");
        device.send(lid(other), "late");
        device.send(lid(other), "early");
        assertEquals("early", other.receive().text());
        assertEquals("late", other.receive().text());
    }

    @Test
    void aLostMessageComesByTheNextConnection() throws Exception {
        control.fault("lost", "1");
        device.send(lid(other), "lost");
        device.send(lid(other), "not lost");
        assertEquals("not lost", other.receive().text());
        other.activate();
        assertEquals("lost", other.receive().text());
    }

    @Test
    void quietPhonesOpenAMessageAndSayNothing() throws Exception {
        control.fault("quiet_phones", "true");
        device.send(DeviceJid.parse(PEER + "@s.whatsapp.net"), "to the phone");
        assertEquals(1, control.shown(PEER, "to the phone"));
        for (var came = device.connection().next(SHORT);
                came.isPresent();
                came = device.connection().next(SHORT)) {
            assertFalse(came.get().is("receipt"), () -> "a receipt came");
        }
    }

    @Test
    void theNewsOfADeviceGoesToThePersonsOtherDevicesAndToEverybodyElse() throws Exception {
        LinkedDevice third = linked(PEER);
        try {
            Node own = next(other, "notification");
            assertEquals("account_sync", own.required("type"));
            assertEquals(3, own.requiredChild("devices").children("device").size());
            Node news = notification(device, lid(third).device());
            assertEquals("devices", news.required("type"));
            assertEquals(PEER, news.requiredJid("from").user());
            assertEquals(
                    lid(third),
                    news.requiredChild("add").requiredChild("device").requiredJid("lid"));
        } finally {
            third.close();
        }
    }

    /** The news of the device with that number; there was news of an earlier one, too. */
    private static Node notification(LinkedDevice device, int number) throws Exception {
        while (true) {
            Node news = next(device, "notification");
            if (news.requiredChild("add")
                            .requiredChild("device")
                            .requiredJid("lid")
                            .device()
                    == number) {
                return news;
            }
        }
    }
}
