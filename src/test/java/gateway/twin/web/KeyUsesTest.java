package gateway.twin.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import gateway.twin.web.Crypto.Pair;

/**
 * The ledger finds a sender that uses a key twice, a phone that shows a message twice, and one that waits for a
 * message.
 */
class KeyUsesTest {
    private final Network network = new Network();
    private final Phone own = network.add("6281111111111");
    private final Phone peer = network.add("6282222222222");
    private final Companion device = new Companion(own, 1, Crypto.random(32), Crypto.random(32));
    private final Pair identity = Pair.fresh();
    private Ratchet sender;

    @BeforeEach
    void open() throws Exception {
        sender = session();
        carry("first", seal(sender, "the first"));
    }

    @Test
    void eachMessageOfItsOwnKeyIsNoFault() throws Exception {
        carry("second", seal(sender, "the second"));
        found(0, 0, 0);
        assertEquals(List.of("the first", "the second"), inbox());
    }

    @Test
    void aSenderThatWentBackToAnOldStateIsFound() throws Exception {
        var old = sender.copy();
        carry("second", seal(sender, "the second"));
        carry("third", seal(old, "the third"));
        found(1, 0, 0);
        assertTrue(network.ledger.entries(0).stream()
                .anyMatch(entry ->
                        entry.what().equals("duplicate") && entry.detail().contains("KEY USED TWICE")));
        carry("fourth", seal(old, "the fourth"));
        found(1, 0, 0);
        carry("fifth", seal(sender, "the fifth"));
        found(2, 0, 0);
    }

    @Test
    void aKeyThatThePhoneNoLongerHasIsFoundAllTheSame() throws Exception {
        var old = sender.copy();
        for (int i = 0; i < 300; i++) {
            carry("message " + i, seal(sender, "text " + i));
        }
        carry("late", seal(old, "late"));
        found(1, 0, 0);
    }

    @Test
    void theSameBytesAgainAreShownOnceAndGetAReceiptEachTime() throws Exception {
        var sealed = seal(sender, "the second");
        carry("second", sealed);
        assertEquals(2, device.waiting());
        device.acknowledged("receipt", "second", peer.lid(), "");
        carry("second", sealed);
        found(0, 0, 0);
        assertEquals(List.of("the first", "the second"), inbox());
        assertEquals(2, device.waiting());
        assertEquals(
                List.of(),
                device.unacknowledged.values().stream()
                        .filter(stanza -> stanza.get("type").equals("retry"))
                        .toList());
    }

    @Test
    void aMessageUnderASecondKeyIsShownTwice() throws Exception {
        carry("first", seal(sender, "the first"));
        found(0, 1, 0);
    }

    @Test
    void aPhoneWaitsUntilItCanOpenTheMessage() throws Exception {
        var damaged = seal(sender, "the second");
        damaged.bytes()[damaged.bytes().length - 20] ^= 1;
        carry("second", damaged);
        found(0, 0, 1);
        carry("second", seal(session(), "the second"));
        found(0, 0, 0);
        assertEquals(List.of("the first", "the second"), inbox());
    }

    @Test
    void ofTwoQuestionsForOneMessageEachIsAcknowledgedForItself() throws Exception {
        for (var text : List.of("one form", "another form")) {
            var damaged = seal(sender, text);
            damaged.bytes()[damaged.bytes().length - 20] ^= 1;
            carry("second", damaged);
        }
        device.acknowledged("receipt", "second", peer.lid(), "retry");
        assertEquals(
                List.of("2"),
                device.unacknowledged.values().stream()
                        .filter(stanza -> stanza.get("type").equals("retry"))
                        .map(stanza -> stanza.child("retry").orElseThrow().get("count"))
                        .toList());
    }

    @Test
    void aDamagedRepetitionIsNoUseOfTheKey() throws Exception {
        var sealed = seal(sender, "the second");
        carry("second", sealed);
        sealed.bytes()[sealed.bytes().length - 20] ^= 1;
        carry("second", sealed);
        found(0, 0, 0);
    }

    @Test
    void theDoorTellsTheNumbers() throws Exception {
        try (var twin = new Twin(0)) {
            var control = new TwinControl(twin);
            assertEquals(
                    List.of(0, 0, 0),
                    List.of(
                            control.count("reused_keys"),
                            control.count("shown_twice"),
                            control.count("waiting_peers")));
            assertEquals(0, control.entries().count());
        }
    }

    private Ratchet session() {
        long preKey = peer.freshPreKey();
        return Ratchet.towards(
                identity,
                77,
                peer.identity.open(),
                1,
                peer.signed.open(),
                preKey,
                peer.preKeys.get(preKey).open());
    }

    private static Ratchet.Sealed seal(Ratchet sender, String text) throws Exception {
        return sender.encrypt(Phone.padded(new Fields().put(1, text.getBytes(StandardCharsets.UTF_8))));
    }

    private void carry(String id, Ratchet.Sealed sealed) {
        network.carrier.carry(
                device,
                Stanza.of("message", "id", id, "to", peer.lid(), "type", "text").with(Carrier.enc(sealed)));
    }

    private void found(int reusedKeys, int shownTwice, int waitingPeers) {
        assertEquals(new KeyUses.Findings(reusedKeys, shownTwice, waitingPeers), network.keyUses.findings());
    }

    private List<String> inbox() {
        return peer.inbox.stream().map(Phone.Received::text).toList();
    }
}
