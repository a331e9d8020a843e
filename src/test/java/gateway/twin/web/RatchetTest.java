package gateway.twin.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import gateway.twin.web.Crypto.Pair;

/** The phones' own Signal sessions, two of them face to face. */
class RatchetTest {
    private final Pair alice = Pair.fresh();
    private final Pair bob = Pair.fresh();
    private final Pair signed = Pair.fresh();
    private final Pair preKey = Pair.fresh();
    private Ratchet from;
    private Ratchet to;

    @BeforeEach
    void opened() throws GeneralSecurityException {
        from = Ratchet.towards(alice, 77, bob.open(), 1, signed.open(), 5, preKey.open());
        var first = from.encrypt(bytes("first"));
        assertEquals("pkmsg", first.type());
        var fields = Fields.read(Arrays.copyOfRange(first.bytes(), 1, first.bytes().length));
        to = Ratchet.from(bob, signed, preKey, fields.bytes(3), fields.bytes(2));
        assertEquals("first", text(to.decrypt(fields.bytes(4)).plain()));
    }

    @Test
    void messagesOutOfOrderAreOpenedOnceEach() throws Exception {
        answered();
        var sealed = new ArrayList<byte[]>();
        for (int i = 0; i < 20; i++) {
            sealed.add(from.encrypt(bytes("message " + i)).bytes());
        }
        var order = new ArrayList<Integer>();
        for (int i = 0; i < 20; i++) {
            order.add(i);
        }
        Collections.reverse(order);
        for (int i : order) {
            assertEquals("message " + i, text(to.decrypt(sealed.get(i)).plain()));
        }
        for (var again : sealed) {
            assertEquals(
                    "duplicate",
                    assertThrows(GeneralSecurityException.class, () -> to.decrypt(again))
                            .getMessage());
        }
    }

    @Test
    void aMessageOfAnEarlierChainIsStillOpened() throws Exception {
        answered();
        var late = from.encrypt(bytes("late")).bytes();
        assertEquals(
                "soon", text(to.decrypt(from.encrypt(bytes("soon")).bytes()).plain()));
        answered();
        assertEquals(
                "after", text(to.decrypt(from.encrypt(bytes("after")).bytes()).plain()));
        assertEquals("late", text(to.decrypt(late).plain()));
    }

    @Test
    void anAlteredMessageLeavesTheSessionAsItWas() throws Exception {
        answered();
        from.encrypt(bytes("lost"));
        var good = from.encrypt(bytes("good")).bytes();
        for (int i = good.length - 8; i < good.length; i++) {
            var altered = good.clone();
            altered[i] ^= 1;
            assertEquals(
                    "bad MAC",
                    assertThrows(GeneralSecurityException.class, () -> to.decrypt(altered))
                            .getMessage());
        }
        assertEquals("good", text(to.decrypt(good).plain()));
        answered();
    }

    @Test
    void aJumpPastTwoThousandMessagesIsRefused() throws Exception {
        answered();
        byte[] last = {};
        for (int i = 0; i < 2_002; i++) {
            last = from.encrypt(bytes("x")).bytes();
        }
        var far = last;
        assertThrows(GeneralSecurityException.class, () -> to.decrypt(far));
    }

    @Test
    void withoutAOneTimePreKeyASessionOpensToo() throws Exception {
        var plain = Ratchet.towards(alice, 77, bob.open(), 1, signed.open(), 0, null);
        var first = plain.encrypt(bytes("no one-time key")).bytes();
        var fields = Fields.read(Arrays.copyOfRange(first, 1, first.length));
        assertArrayEquals(
                bytes("no one-time key"),
                Ratchet.from(bob, signed, null, fields.bytes(3), fields.bytes(2))
                        .decrypt(fields.bytes(4))
                        .plain());
    }

    private void answered() throws GeneralSecurityException {
        var answer = to.encrypt(bytes("answer"));
        assertEquals("msg", answer.type());
        assertEquals("answer", text(from.decrypt(answer.bytes()).plain()));
        assertEquals("msg", from.encrypt(bytes("skipped")).type());
    }

    private static byte[] bytes(String text) {
        return text.getBytes();
    }

    private static String text(byte[] bytes) {
        return new String(bytes);
    }
}
