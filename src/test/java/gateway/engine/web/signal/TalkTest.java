package gateway.engine.web.signal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;

import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/** Two parties of our own talk over a network that reorders, loses, repeats and damages. */
class TalkTest {
    private static final int MESSAGES = 4000;

    private record Sent(String to, SessionCipher.Kind kind, byte[] wire, String plain, int chain) {}

    @Test
    void everyMessageIsReadOnceAndNoKeyIsUsedForTwo() throws WireRefusal {
        Random random = new Random(20_261_129);
        Map<String, Party> parties = Map.of("a", Party.drawn(random, 1, 60), "b", Party.drawn(random, -2, 60));
        parties.get("a")
                .sessions
                .put(
                        "b",
                        SessionCipher.open(
                                Optional.empty(),
                                parties.get("a").me,
                                parties.get("b").bundle(Optional.of(1)),
                                random));
        List<Sent> underWay = new ArrayList<>();
        Map<String, String> plaintexts = new HashMap<>();
        Set<String> read = new HashSet<>();
        Map<String, Integer> chains = new HashMap<>();
        Map<String, Integer> newest = new HashMap<>(Map.of("a", 0, "b", 0));
        int unusedPreKey = 2;
        int lost = 0;
        int late = 0;
        int renewed = 0;
        for (int i = 0; i < MESSAGES; i++) {
            String by = random.nextBoolean() ? "a" : "b";
            String to = by.equals("a") ? "b" : "a";
            Party sender = parties.get(by);
            if (sender.session(to).isEmpty() || random.nextInt(400) == 0) {
                Optional<Integer> oneTime = unusedPreKey > 60 ? Optional.empty() : Optional.of(unusedPreKey++);
                sender.sessions.put(
                        to,
                        SessionCipher.open(
                                sender.session(to), sender.me, parties.get(to).bundle(oneTime), random));
                renewed++;
            }
            SessionState state = sender.sessions.get(to).current();
            String key = by + state.ratchet().known() + "/" + state.send().next();
            String plain = "message " + i;
            String other = plaintexts.put(key, plain);
            assertEquals(null, other, "one key for two plaintexts");
            SessionCipher.Encrypted encrypted = sender.encrypt(to, plain.getBytes(StandardCharsets.UTF_8));
            int chain = chains.merge(by + state.ratchet().known(), chains.size(), (known, _) -> known);
            underWay.add(new Sent(to, encrypted.kind(), encrypted.wire(), plain, chain));
            while (underWay.size() > random.nextInt(40)) {
                Sent next = underWay.remove(random.nextInt(underWay.size()));
                if (random.nextInt(25) == 0) {
                    lost++;
                    continue;
                }
                damaged(parties, next, random);
                if (!delivered(parties, next, random)) {
                    assertTrue(newest.get(next.to) - next.chain >= SignalLimits.MAX_RECEIVE_CHAINS, "refused: " + next);
                    late++;
                    continue;
                }
                newest.merge(next.to, next.chain, Math::max);
                assertTrue(read.add(next.plain));
                if (random.nextInt(10) == 0) {
                    assertDuplicate(parties, next, random);
                }
            }
        }
        assertEquals(MESSAGES, read.size() + lost + late + underWay.size());
        assertTrue(renewed > 4 && lost > 20 && late < MESSAGES / 10, renewed + " " + lost + " " + late);
        for (Party party : parties.values()) {
            for (SignalSession session : party.sessions.values()) {
                assertTrue(session.archived().size() <= SignalLimits.MAX_ARCHIVED_STATES);
                assertEquals(session, SessionCodec.decode(SessionCodec.encode(session)));
            }
        }
    }

    private static String peer(String to) {
        return to.equals("a") ? "b" : "a";
    }

    /** Whether the message was read; one whose chain is no longer kept is refused and leaves no trace. */
    private static boolean delivered(Map<String, Party> parties, Sent sent, Random random) {
        Optional<SignalSession> before = parties.get(sent.to).session(peer(sent.to));
        try {
            assertTrue(deliver(parties, sent, random), sent.plain);
            return true;
        } catch (WireRefusal _) {
            assertEquals(before, parties.get(sent.to).session(peer(sent.to)));
            return false;
        }
    }

    private static boolean deliver(Map<String, Party> parties, Sent sent, Random random) throws WireRefusal {
        byte[] plain = parties.get(sent.to)
                .decrypt(peer(sent.to), sent.kind, sent.wire, random)
                .plain();
        return sent.plain.equals(new String(plain, StandardCharsets.UTF_8));
    }

    private static void assertDuplicate(Map<String, Party> parties, Sent sent, Random random) {
        Party reader = parties.get(sent.to);
        Optional<SignalSession> before = reader.session(peer(sent.to));
        WireRefusal refusal = assertThrows(WireRefusal.class, () -> deliver(parties, sent, random));
        assertTrue(
                refusal.reason() == Reason.DUPLICATE || refusal.reason() == Reason.BAD_MAC,
                refusal.reason().name());
        assertEquals(before, reader.session(peer(sent.to)));
    }

    /**
     * A damaged copy comes first. Outside of the MAC lie only the registration id and what names the opening's keys.
     */
    private static void damaged(Map<String, Party> parties, Sent sent, Random random) {
        if (sent.kind == SessionCipher.Kind.PKMSG || random.nextInt(4) != 0) {
            return;
        }
        Party reader = parties.get(sent.to);
        Optional<SignalSession> before = reader.session(peer(sent.to));
        byte[] changed =
                random.nextBoolean() ? Arrays.copyOf(sent.wire, random.nextInt(sent.wire.length)) : sent.wire.clone();
        if (changed.length == sent.wire.length) {
            changed[1 + random.nextInt(changed.length - 1)] ^= (byte) (1 << random.nextInt(8));
        }
        assertThrows(WireRefusal.class, () -> reader.decrypt(peer(sent.to), SessionCipher.Kind.MSG, changed, random));
        assertEquals(before, reader.session(peer(sent.to)));
    }

    @Test
    void aForgedBundleOpensNothing() {
        Random random = new Random(3);
        Party a = Party.drawn(random, 1, 1);
        Party b = Party.drawn(random, 2, 1);
        PreKeyBundle bundle = b.bundle(Optional.of(1));
        byte[] signature = bundle.signature().clone();
        signature[10] ^= 1;
        refused(
                Reason.BAD_SIGNATURE,
                a,
                new PreKeyBundle(2, bundle.identity(), 1, bundle.signedPreKey(), signature, bundle.oneTime()));
        refused(
                Reason.BAD_SIGNATURE,
                a,
                new PreKeyBundle(
                        2, a.me.identity().known(), 1, bundle.signedPreKey(), bundle.signature(), bundle.oneTime()));
        CurvePublic zero = CurvePublic.known(new byte[32]);
        refused(
                Reason.BAD_KEY,
                a,
                new PreKeyBundle(
                        2,
                        bundle.identity(),
                        1,
                        bundle.signedPreKey(),
                        bundle.signature(),
                        Optional.of(new PreKeyBundle.OneTime(1, zero))));
    }

    private static void refused(Reason reason, Party by, PreKeyBundle bundle) {
        assertEquals(
                reason,
                assertThrows(
                                WireRefusal.class,
                                () -> SessionCipher.open(Optional.empty(), by.me, bundle, new Random(1)))
                        .reason());
    }

    @Test
    void randomCutOffAndOversizedBytesAreRefusedAndChangeNothing() throws WireRefusal {
        Random random = new Random(4);
        Party a = Party.drawn(random, 1, 1);
        Party b = Party.drawn(random, 2, 1);
        a.sessions.put("b", SessionCipher.open(Optional.empty(), a.me, b.bundle(Optional.of(1)), random));
        byte[] first = a.encrypt("b", new byte[20]).wire();
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = random.nextBoolean()
                    ? Arrays.copyOf(first, random.nextInt(first.length))
                    : new byte[random.nextInt(300)];
            if (noise.length > 0 && noise[0] == 0) {
                random.nextBytes(noise);
                noise[0] = 0x33;
            }
            SessionCipher.Kind kind = i % 3 == 0 ? SessionCipher.Kind.MSG : SessionCipher.Kind.PKMSG;
            assertThrows(WireRefusal.class, () -> b.decrypt("a", kind, noise, random));
            assertThrows(WireRefusal.class, () -> GroupCipher.decrypt(Optional.empty(), noise));
            assertThrows(WireRefusal.class, () -> GroupCipher.accept(Optional.empty(), noise));
        }
        assertEquals(
                Reason.OVERSIZED,
                assertThrows(
                                WireRefusal.class,
                                () -> b.decrypt(
                                        "a",
                                        SessionCipher.Kind.PKMSG,
                                        Arrays.copyOf(first, SignalLimits.MAX_MESSAGE_BYTES + 1),
                                        random))
                        .reason());
        assertTrue(b.sessions.isEmpty());
        assertEquals(1, b.oneTime.size());
        assertArrayEquals(
                new byte[20],
                b.decrypt("a", SessionCipher.Kind.PKMSG, first, random).plain());
    }

    @Test
    void aPeerThatJumpsAgainAndAgainFillsTheSessionToItsLimitOnly() throws WireRefusal {
        Random random = new Random(5);
        Party a = Party.drawn(random, 1, 1);
        Party b = Party.drawn(random, 2, 1);
        a.sessions.put("b", SessionCipher.open(Optional.empty(), a.me, b.bundle(Optional.of(1)), random));
        for (int i = 0; i < 5; i++) {
            for (int skipped = 0; skipped < SignalLimits.MAX_JUMP - 1; skipped++) {
                a.encrypt("b", new byte[1]);
            }
            SessionCipher.Encrypted far = a.encrypt("b", new byte[1]);
            b.decrypt("a", far.kind(), far.wire(), random);
            SessionCipher.Encrypted answer = b.encrypt("a", new byte[1]);
            a.decrypt("b", answer.kind(), answer.wire(), random);
        }
        SignalSession session = b.sessions.get("a");
        int kept = session.states().stream().mapToInt(SessionState::skippedKeys).sum();
        assertEquals(SignalLimits.MAX_SKIPPED_KEYS_OF_SESSION, kept);
        byte[] stored = SessionCodec.encode(session);
        assertTrue(stored.length < SignalLimits.MAX_STORED_BYTES);
        assertEquals(session, SessionCodec.decode(stored));
    }

    @Test
    void aNewIdentityDropsTheStatesOfTheOldOne() throws WireRefusal {
        Random random = new Random(6);
        Party a = Party.drawn(random, 1, 1);
        Party b = Party.drawn(random, 2, 2);
        Party reinstalled = Party.drawn(random, 3, 1);
        b.sessions.put("a", SessionCipher.open(Optional.empty(), b.me, a.bundle(Optional.of(1)), random));
        reinstalled.sessions.put(
                "b", SessionCipher.open(Optional.empty(), reinstalled.me, b.bundle(Optional.of(1)), random));
        SessionCipher.Encrypted hello = reinstalled.encrypt("b", new byte[1]);
        SessionCipher.Decrypted read = b.decrypt("a", hello.kind(), hello.wire(), random);
        assertEquals(reinstalled.me.identity().known(), read.identity());
        assertEquals(List.of(), read.next().archived());
        assertEquals(
                new IdentityTrust.Changed(a.me.identity().known(), read.identity()),
                IdentityTrust.of(Optional.of(a.me.identity().known()), read.identity()));
        assertEquals(new IdentityTrust.FirstUse(read.identity()), IdentityTrust.of(Optional.empty(), read.identity()));
    }

    @Test
    void aGroupsMessagesAreReadOnceInAnyOrder() throws WireRefusal {
        Random random = new Random(7);
        GroupCipher.Distributed distributed = GroupCipher.distribute(Optional.empty(), random);
        SenderKeys own = distributed.next();
        SenderKeys theirs = GroupCipher.accept(Optional.empty(), distributed.wire());
        List<byte[]> underWay = new ArrayList<>();
        Set<String> used = new HashSet<>();
        int read = 0;
        for (int i = 0; i < 1500; i++) {
            assertTrue(used.add(own.newest().id() + "/" + own.newest().chain().next()));
            GroupCipher.GroupEncrypted encrypted =
                    GroupCipher.encrypt(own, ("m" + i).getBytes(StandardCharsets.UTF_8), random);
            own = encrypted.next();
            underWay.add(encrypted.wire());
            if (random.nextInt(50) == 0) {
                theirs = GroupCipher.accept(
                        Optional.of(theirs),
                        GroupCipher.distribute(Optional.of(own), random).wire());
            }
            if (random.nextInt(300) == 0) {
                own = GroupCipher.rotate(random);
                theirs = GroupCipher.accept(
                        Optional.of(theirs),
                        GroupCipher.distribute(Optional.of(own), random).wire());
            }
            while (underWay.size() > random.nextInt(20)) {
                byte[] wire = underWay.remove(random.nextInt(underWay.size()));
                byte[] changed = wire.clone();
                changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
                SenderKeys before = theirs;
                assertThrows(WireRefusal.class, () -> GroupCipher.decrypt(Optional.of(before), changed));
                GroupCipher.GroupDecrypted decrypted = GroupCipher.decrypt(Optional.of(theirs), wire);
                theirs = decrypted.next();
                read++;
                SenderKeys after = theirs;
                assertEquals(
                        Reason.DUPLICATE,
                        assertThrows(WireRefusal.class, () -> GroupCipher.decrypt(Optional.of(after), wire))
                                .reason());
            }
        }
        assertEquals(1500, read + underWay.size());
    }
}
