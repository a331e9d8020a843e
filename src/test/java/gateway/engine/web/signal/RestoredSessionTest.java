package gateway.engine.web.signal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import gateway.engine.web.primitive.WireRefusal;

/** A session that came out of a backup reads, and never encrypts: the lost machine may have used its next key. */
class RestoredSessionTest {
    private final Random random = new Random(12);
    private Party a;
    private Party b;

    @BeforeEach
    void talkAndLoseTheMachine() throws WireRefusal {
        a = Party.drawn(random, 7, 9);
        b = Party.drawn(random, 8, 9);
        a.sessions.put("b", SessionCipher.open(Optional.empty(), a.me, b.bundle(Optional.of(1)), random));
        var first = a.encrypt("b", bytes("hello"));
        b.decrypt("a", first.kind(), first.wire(), random);
        var answer = b.encrypt("a", bytes("hello yourself"));
        a.decrypt("b", answer.kind(), answer.wire(), random);
        a.sessions.put(
                "b", SessionCodec.decode(SessionCodec.encode(a.sessions.get("b").forReading())));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void itEncryptsNothing() {
        assertFalse(a.sessions.get("b").sends());
        assertThrows(IllegalStateException.class, () -> a.encrypt("b", bytes("once more")));
    }

    @Test
    void whatIsOnItsWayIsReadAndDoesNotMakeItSendAgain() throws WireRefusal {
        var late = b.encrypt("a", bytes("still on its way"));
        assertArrayEquals(
                bytes("still on its way"),
                a.decrypt("b", late.kind(), late.wire(), random).plain());
        assertFalse(a.sessions.get("b").sends());
        assertFalse(
                SessionCodec.decode(SessionCodec.encode(a.sessions.get("b"))).sends());
    }

    @Test
    void openedAnewItSendsAndALateMessageOfTheOldStateDoesNotBringTheOldOneBack() throws WireRefusal {
        var late = b.encrypt("a", bytes("late"));
        a.sessions.put("b", SessionCipher.open(a.session("b"), a.me, b.bundle(Optional.of(2)), random));
        var fresh = a.sessions.get("b").current().baseKey();
        assertArrayEquals(
                bytes("late"), a.decrypt("b", late.kind(), late.wire(), random).plain());
        assertEquals(fresh, a.sessions.get("b").current().baseKey());
        assertTrue(a.sessions.get("b").sends());
        var sent = a.encrypt("b", bytes("from the new machine"));
        assertEquals(SessionCipher.Kind.PKMSG, sent.kind());
        assertArrayEquals(
                bytes("from the new machine"),
                b.decrypt("a", sent.kind(), sent.wire(), random).plain());
    }

    @Test
    void aPeerWhoOpensASessionAnewIsAnsweredInIt() throws WireRefusal {
        b.sessions.put("a", SessionCipher.open(b.session("a"), b.me, a.bundle(Optional.of(3)), random));
        var opening = b.encrypt("a", bytes("anew"));
        assertArrayEquals(
                bytes("anew"),
                a.decrypt("b", opening.kind(), opening.wire(), random).plain());
        assertTrue(a.sessions.get("b").sends());
        var answer = a.encrypt("b", bytes("yes"));
        assertArrayEquals(
                bytes("yes"),
                b.decrypt("a", answer.kind(), answer.wire(), random).plain());
    }

    @Test
    void itsStoredFormIsAsStrictAsEveryOther() {
        byte[] stored = SessionCodec.encode(a.sessions.get("b"));
        assertEquals(2, stored[0]);
        for (int length = 0; length < stored.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(stored, length);
            assertThrows(WireRefusal.class, () -> SessionCodec.decode(cut));
        }
    }
}
