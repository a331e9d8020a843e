package gateway.engine.web.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.primitive.WireRefusal;

class SpoofedSourceTest {
    private static final DeviceJid ADA = DeviceJid.parse("100000000000101:3@lid");
    private static final OwnAddress OWN = new OwnAddress(
            DeviceJid.parse("14155550100:7@s.whatsapp.net"), Optional.of(DeviceJid.parse("100000000000100:7@lid")));

    @Test
    void aStrangerIsNotBelievedToBeOurselves() throws Exception {
        MessageSource source =
                MessageSource.of(message(ADA).with("sender_pn", OWN.number().withoutDevice()), OWN);
        assertEquals(Optional.empty(), source.senderAlternate());
        MessageSource inGroup = MessageSource.of(
                message(DeviceJid.parse("1-2@g.us"))
                        .with("participant", ADA)
                        .with("participant_pn", OWN.number().withoutDevice()),
                OWN);
        assertEquals(Optional.empty(), inGroup.senderAlternate());
        assertFalse(inGroup.fromMe());
    }

    @Test
    void theSameDigitsOnAnotherServerAreNotOurselves() throws Exception {
        for (String jid :
                List.of("14155550100:7@lid", "100000000000100:7@s.whatsapp.net", "14155550100@g.us.example")) {
            assertFalse(MessageSource.of(message(DeviceJid.parse(jid)), OWN).fromMe(), jid);
        }
    }

    @Test
    void anAlternateOfTheSameKindIsNone() throws Exception {
        assertEquals(
                Optional.empty(),
                MessageSource.of(message(ADA).with("sender_pn", DeviceJid.parse("5@lid")), OWN)
                        .senderAlternate());
        assertEquals(
                Optional.empty(),
                MessageSource.of(message(ADA).with("sender_pn", DeviceJid.parse("5@g.us")), OWN)
                        .senderAlternate());
    }

    @Test
    void whatCannotBePlacedIsRefused() {
        Node good = message(ADA);
        for (Node bad : List.of(
                good.with("recipient", DeviceJid.parse("1@lid")),
                good.with("t", "soon"),
                good.with("t", "-1"),
                good.with("t", "999999999999999"),
                good.with("t", ""),
                good.with("id", ""),
                // Whoever writes chooses the id, and the header Link repeats the last one of a page.
                good.with("id", "M".repeat(129)),
                good.with("from", "a.b.c@lid"),
                good.with("from", DeviceJid.SERVER),
                message(DeviceJid.parse("1-2@g.us")),
                good.with("server_id", "x"))) {
            assertThrows(WireRefusal.class, () -> MessageSource.of(bad, OWN), bad.toString());
        }
    }

    @Test
    void aGroupedReceiptIsOneForEachPerson() throws Exception {
        Node receipt = Node.of("receipt")
                .with("id", "R")
                .with("from", DeviceJid.parse("1-2@g.us"))
                .with("type", "read")
                .holding(Node.of("participants")
                        .with("key", "M1")
                        .holding(
                                Node.of("user").with("jid", ADA).with("t", 5),
                                Node.of("user").with("jid", OWN.number())));
        List<IncomingReceipt> read = IncomingReceipt.of(receipt);
        assertEquals(
                List.of(ADA, OWN.number()),
                read.stream().map(IncomingReceipt::sender).toList());
        assertEquals(List.of("M1"), read.getFirst().ids());
        Node plain = Node.of("receipt")
                .with("id", "M1")
                .with("from", ADA)
                .holding(Node.of("list").holding(Node.of("item").with("id", "M2")));
        assertEquals(List.of("M1", "M2"), IncomingReceipt.of(plain).getFirst().ids());
        assertThrows(
                WireRefusal.class, () -> IncomingReceipt.of(Node.of("receipt").with("from", ADA)));
    }

    @Test
    void manyReadMessagesAreSeveralReceipts() {
        List<String> ids = IntStream.range(0, 600).mapToObj(Integer::toString).toList();
        List<Node> receipts = ReadReceipts.of(ReadReceipts.Kind.READ, ADA, Optional.empty(), ids, Instant.EPOCH);
        assertEquals(
                List.of("0", "256", "512"),
                receipts.stream()
                        .map(receipt -> receipt.attribute("id").orElseThrow())
                        .toList());
    }

    private static Node message(DeviceJid from) {
        return Node.of("message").with("id", "3EB0").with("t", 1_764_300_000).with("from", from);
    }
}
