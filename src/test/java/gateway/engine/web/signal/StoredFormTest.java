package gateway.engine.web.signal;

import static gateway.engine.web.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.Test;

import gateway.engine.web.Vectors;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/** The stored forms stay readable: the golden bytes were written by the first version of the program. */
class StoredFormTest {
    @Test
    void aStoredSessionIsReadByLaterVersions() throws WireRefusal {
        String golden = Vectors.file("stored-forms.json").get("session").asText();
        assertEquals(golden, hex(SessionCodec.encode(session())));
        assertEquals(session(), SessionCodec.decode(hex(golden)));
    }

    @Test
    void aStoredSenderKeyIsReadByLaterVersions() throws WireRefusal {
        String golden = Vectors.file("stored-forms.json").get("senderKeys").asText();
        SenderKeys keys = GroupCipher.rotate(new Random(3));
        assertEquals(golden, hex(SenderKeysCodec.encode(keys)));
        assertEquals(keys, SenderKeysCodec.decode(hex(golden)));
    }

    @Test
    void whatIsCutOffTooLongOrOfAnotherVersionIsRefused() throws WireRefusal {
        byte[] stored = SessionCodec.encode(session());
        for (int length = 0; length < stored.length; length++) {
            byte[] cut = Arrays.copyOf(stored, length);
            assertEquals(
                    Reason.MALFORMED,
                    assertThrows(WireRefusal.class, () -> SessionCodec.decode(cut))
                            .reason());
        }
        refused(Reason.MALFORMED, Arrays.copyOf(stored, stored.length + 1));
        refused(Reason.OVERSIZED, Arrays.copyOf(stored, SignalLimits.MAX_STORED_BYTES + 1));
        byte[] later = stored.clone();
        later[0] = 3;
        refused(Reason.BAD_VERSION, later);
        byte[] many = stored.clone();
        many[4] = 41;
        refused(Reason.OVERSIZED, many);
    }

    private static void refused(Reason reason, byte[] stored) {
        assertEquals(
                reason,
                assertThrows(WireRefusal.class, () -> SessionCodec.decode(stored))
                        .reason());
    }

    /** A session with an archived state, a receiving chain and a skipped key. */
    static SignalSession session() throws WireRefusal {
        Random random = new Random(11);
        Party a = Party.drawn(random, 7, 1);
        Party b = Party.drawn(random, 8, 2);
        a.sessions.put("b", SessionCipher.open(Optional.empty(), a.me, b.bundle(Optional.of(1)), random));
        a.encrypt("b", new byte[1]);
        SessionCipher.Encrypted second = a.encrypt("b", new byte[1]);
        b.decrypt("a", second.kind(), second.wire(), random);
        return SessionCipher.open(b.session("a"), b.me, a.bundle(Optional.of(1)), random);
    }
}
