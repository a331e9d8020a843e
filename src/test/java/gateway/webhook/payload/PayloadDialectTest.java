package gateway.webhook.payload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;

import gateway.engine.Content;
import gateway.engine.Event;
import gateway.engine.Jid;
import gateway.webhook.WebhookGiven;

class PayloadDialectTest {
    private static final long AT = 1_763_719_200_123L;
    private static final Jid PERSON = Jid.ofPhone("6281234567890");
    private static final Jid GROUP = Jid.parse("120363025246125486@g.us");

    @Test
    void broadcastsAreToldToNobody() {
        var status = new Event.Message(
                "3EB0", Jid.parse("status@broadcast"), PERSON, false, "Ana", new Content.Text("x", "", false, 0), AT);
        assertTrue(PayloadDialect.V7.render(WebhookGiven.ACCOUNT, status).isEmpty());
        assertTrue(PayloadDialect.V8.render(WebhookGiven.ACCOUNT, status).isEmpty());
    }

    @Test
    void anUnknownFormIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> PayloadDialect.named("v6"));
    }

    @Test
    void aVersion7MessageHasNoEventMemberAndSortedNames() {
        assertEquals(
                "{\"chat_id\":\"6281234567890\",\"from\":\"6281234567890@s.whatsapp.net\","
                        + "\"message\":{\"text\":\"hello <b>\",\"id\":\"3EB0\",\"replied_id\":\"3EA9\",\"quoted_message\":\"\"},"
                        + "\"pushname\":\"Ana\",\"sender_id\":\"6281234567890\",\"timestamp\":\"2025-11-21T10:00:00Z\"}",
                v7(new Event.Message(
                        "3EB0", PERSON, PERSON, false, "Ana", new Content.Text("hello <b>", "3EA9", false, 0), AT)));
    }

    @Test
    void aVersion7GroupMessageNamesPersonAndGroup() {
        assertEquals(
                "{\"chat_id\":\"120363025246125486\",\"forwarded\":true,\"from\":\"99@lid in 120363025246125486@g.us\",\"from_lid\":\"99@lid\","
                        + "\"message\":{\"text\":\"x\",\"id\":\"3EB0\",\"replied_id\":\"\",\"quoted_message\":\"\"},\"sender_id\":\"99\","
                        + "\"timestamp\":\"2025-11-21T10:00:00Z\"}",
                v7(new Event.Message(
                        "3EB0", GROUP, Jid.parse("99@lid"), false, "", new Content.Text("x", "", true, 0), AT)));
    }

    @Test
    void aVersion7ReceiptIsAnEventAndReadingElsewhereIsNotTold() {
        assertEquals(
                "{\"event\":\"message.ack\",\"payload\":{\"chat_id\":\"6281234567890@s.whatsapp.net\",\"from\":\"6281234567890@s.whatsapp.net\","
                        + "\"ids\":[\"A\",\"B\"],\"receipt_type\":\"delivered\",\"receipt_type_description\":\"the message reached the recipient's device\","
                        + "\"sender_id\":\"6281234567890@s.whatsapp.net\"},\"timestamp\":\"2025-11-21T10:00:00Z\"}",
                v7(new Event.Receipt(List.of("A", "B"), PERSON, PERSON, Event.Receipt.Kind.DELIVERED, AT)));
        assertTrue(PayloadDialect.V7
                .render(
                        WebhookGiven.ACCOUNT,
                        new Event.Receipt(List.of("A"), PERSON, PERSON, Event.Receipt.Kind.READ_SELF, AT))
                .isEmpty());
    }

    @Test
    void aVersion8MessageHasOneEnvelopeForAll() {
        assertEquals(
                "{\"event\":\"message\",\"device_id\":\"6281100000000@s.whatsapp.net\",\"session_id\":\"main\","
                        + "\"timestamp\":\"2025-11-21T10:00:00Z\",\"payload\":{\"id\":\"3EB0\",\"chat_id\":\"6281234567890@s.whatsapp.net\","
                        + "\"from\":\"6281234567890@s.whatsapp.net\",\"from_name\":\"Ana\",\"timestamp\":\"2025-11-21T10:00:00Z\",\"is_from_me\":false,"
                        + "\"replied_to_id\":\"3EA9\",\"body\":\"hello\"}}",
                PayloadDialect.V8
                        .render(
                                WebhookGiven.ACCOUNT,
                                new Event.Message(
                                        "3EB0",
                                        PERSON,
                                        PERSON,
                                        false,
                                        "Ana",
                                        new Content.Text("hello", "3EA9", false, 0),
                                        AT))
                        .orElseThrow());
    }

    @Test
    void theLinesStateIsToldInBothForms() {
        var paired = new Event.Connection(Event.Connection.State.PAIRED, AT);
        assertEquals(
                "{\"event\":\"connection.update\",\"payload\":{\"state\":\"paired\"},\"timestamp\":\"2025-11-21T10:00:00Z\"}",
                v7(paired));
        assertTrue(PayloadDialect.V8
                .render(WebhookGiven.ACCOUNT, paired)
                .orElseThrow()
                .endsWith("\"payload\":{\"state\":\"paired\"}}"));
    }

    private static String v7(Event event) {
        return PayloadDialect.V7.render(WebhookGiven.ACCOUNT, event).orElseThrow();
    }
}
