package gateway.twin.web;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import gateway.twin.web.Crypto.Pair;

/**
 * One Signal session of a phone with one device: X3DH and the double ratchet (dossier web-2 §1.4, §1.5). The phone's
 * own code, written apart from the engine's.
 */
final class Ratchet {
    private static final int MAX_JUMP = 2_000;
    /** Keys of opened messages that a chain keeps, to tell what a second message under one of them says. */
    private static final int MAX_USED = 256;

    private static final byte[] ZEROS = new byte[32];

    private final byte[] ownIdentity;
    private final byte[] theirIdentity;
    private byte[] root;
    private Pair own;
    private byte[] sendChain;
    private int sent;
    private int previous;
    private final Map<String, Receiving> receiving = new LinkedHashMap<>();
    /** What makes messages pre-key messages until the first answer; {@code null} afterwards. */
    private Fields pending;

    final byte[] base;

    private static final class Receiving {
        byte[] chain;
        int next;
        final Map<Integer, byte[]> skipped = new HashMap<>();
        final Map<Integer, byte[]> used = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Integer, byte[]> eldest) {
                return size() > MAX_USED;
            }
        };
    }

    /**
     * Which key sealed a message.
     *
     * @param session the key that opened the session, in hex
     * @param chain   the sender's ratchet key, in hex
     * @param counter the message's number in the chain
     */
    record Place(String session, String chain, int counter) {}

    /** An opened message. */
    record Opened(Place place, byte[] plain) {}

    /** The message's key was used before, by the same bytes or by others. */
    static final class UsedBefore extends GeneralSecurityException {
        private static final long serialVersionUID = 1L;
        final transient Place place;
        /** What the message says; empty when the key is no longer known. */
        final transient Optional<byte[]> plain;

        private UsedBefore(Place place, Optional<byte[]> plain) {
            super("duplicate");
            this.place = place;
            this.plain = plain;
        }
    }

    private Ratchet(byte[] ownIdentity, byte[] theirIdentity, byte[] base) {
        this.ownIdentity = ownIdentity;
        this.theirIdentity = theirIdentity;
        this.base = base;
    }

    /**
     * Opens a session towards a device whose bundle was fetched.
     *
     * @param preKey {@code null} when the bundle has none; then {@code preKeyId} does not count
     */
    static Ratchet towards(
            Pair identity,
            long registrationId,
            byte[] theirIdentity,
            long signedId,
            byte[] signed,
            long preKeyId,
            byte[] preKey) {
        var base = Pair.fresh();
        var session = new Ratchet(identity.open(), theirIdentity, Crypto.typed(base.open()));
        var shared = new ArrayList<>(List.of(
                filled(),
                Crypto.agree(identity.secret(), signed),
                Crypto.agree(base.secret(), theirIdentity),
                Crypto.agree(base.secret(), signed)));
        session.pending = new Fields();
        if (preKey != null) {
            shared.add(Crypto.agree(base.secret(), preKey));
            session.pending.put(1, preKeyId);
        }
        session.pending.put(2, session.base).put(3, Crypto.typed(identity.open()));
        var keys = Crypto.hkdf(ZEROS, Crypto.join(shared.toArray(byte[][]::new)), "WhisperText", 64);
        var first = new Receiving();
        first.chain = Arrays.copyOfRange(keys, 32, 64);
        session.receiving.put(hex(signed), first);
        session.own = Pair.fresh();
        session.root = Arrays.copyOf(keys, 32);
        session.sendChain = session.step(signed, session.own);
        session.pending.put(5, registrationId).put(6, signedId);
        return session;
    }

    /** Opens a session from a pre-key message that came in. */
    static Ratchet from(Pair identity, Pair signed, Pair preKey, byte[] theirIdentity, byte[] theirBase) {
        var session = new Ratchet(identity.open(), theirIdentity, theirBase);
        var shared = new ArrayList<>(List.of(
                filled(),
                Crypto.agree(signed.secret(), theirIdentity),
                Crypto.agree(identity.secret(), theirBase),
                Crypto.agree(signed.secret(), theirBase)));
        if (preKey != null) {
            shared.add(Crypto.agree(preKey.secret(), theirBase));
        }
        var keys = Crypto.hkdf(ZEROS, Crypto.join(shared.toArray(byte[][]::new)), "WhisperText", 64);
        session.root = Arrays.copyOf(keys, 32);
        session.own = signed;
        session.sendChain = Arrays.copyOfRange(keys, 32, 64);
        return session;
    }

    private static byte[] filled() {
        var bytes = new byte[32];
        Arrays.fill(bytes, (byte) 0xFF);
        return bytes;
    }

    private byte[] step(byte[] theirs, Pair ours) {
        var keys = Crypto.hkdf(root, Crypto.agree(ours.secret(), theirs), "WhisperRatchet", 64);
        root = Arrays.copyOf(keys, 32);
        return Arrays.copyOfRange(keys, 32, 64);
    }

    /** A sealed message. */
    record Sealed(String type, byte[] bytes) {}

    Sealed encrypt(byte[] plain) throws GeneralSecurityException {
        var keys = messageKeys(sendChain);
        sendChain = Crypto.hmac(sendChain, new byte[] {2});
        var body = new Fields()
                .put(1, Crypto.typed(own.open()))
                .put(2, sent++)
                .put(3, previous)
                .put(4, Crypto.cbc(true, Arrays.copyOf(keys, 32), Arrays.copyOfRange(keys, 64, 80), plain))
                .bytes();
        var message = Crypto.join(new byte[] {0x33}, body);
        var mac = mac(keys, ownIdentity, theirIdentity, message);
        var whole = Crypto.join(message, mac);
        if (pending == null) {
            return new Sealed("msg", whole);
        }
        var pre = new Fields();
        if (pending.has(1)) {
            pre.put(1, pending.number(1));
        }
        pre.put(2, pending.bytes(2))
                .put(3, pending.bytes(3))
                .put(4, whole)
                .put(5, pending.number(5))
                .put(6, pending.number(6));
        return new Sealed("pkmsg", Crypto.join(new byte[] {0x33}, pre.bytes()));
    }

    private static byte[] messageKeys(byte[] chain) {
        return Crypto.hkdf(ZEROS, Crypto.hmac(chain, new byte[] {1}), "WhisperMessageKeys", 80);
    }

    private static byte[] mac(byte[] keys, byte[] sender, byte[] receiver, byte[] message) {
        return Arrays.copyOf(
                Crypto.hmac(Arrays.copyOfRange(keys, 32, 64), Crypto.typed(sender), Crypto.typed(receiver), message),
                8);
    }

    /**
     * Opens a message of this session.
     *
     * @throws UsedBefore               when a message with this key was opened before
     * @throws GeneralSecurityException when the message is not of this session or was altered; the session is then as
     *     it was
     */
    Opened decrypt(byte[] wire) throws GeneralSecurityException {
        var message = Arrays.copyOf(wire, wire.length - 8);
        var fields = Fields.read(Arrays.copyOfRange(message, 1, message.length));
        var theirs = fields.bytes(1);
        int counter = (int) fields.number(2);
        var place = new Place(HexFormat.of().formatHex(base), hex(theirs), counter);
        var known = receiving.get(hex(theirs));
        byte[] nextRoot = root;
        byte[] chain;
        int next;
        if (known == null) {
            var keys = Crypto.hkdf(root, Crypto.agree(own.secret(), theirs), "WhisperRatchet", 64);
            nextRoot = Arrays.copyOf(keys, 32);
            chain = Arrays.copyOfRange(keys, 32, 64);
            next = 0;
        } else {
            chain = known.chain;
            next = known.next;
        }
        var skipped = new HashMap<Integer, byte[]>();
        byte[] keys;
        if (counter < next) {
            keys = known.skipped.get(counter);
            if (keys == null) {
                throw usedBefore(place, known.used.get(counter), message, wire, fields.bytes(4));
            }
        } else {
            if (counter - next > MAX_JUMP) {
                throw new GeneralSecurityException("a jump of " + (counter - next) + " messages");
            }
            for (; next < counter; next++) {
                skipped.put(next, messageKeys(chain));
                chain = Crypto.hmac(chain, new byte[] {2});
            }
            keys = messageKeys(chain);
            chain = Crypto.hmac(chain, new byte[] {2});
            next++;
        }
        var plain = opened(keys, message, wire, fields.bytes(4));
        // Only now does anything change.
        if (known == null) {
            root = nextRoot;
            known = new Receiving();
            receiving.put(hex(theirs), known);
            own = Pair.fresh();
            previous = Math.max(sent - 1, 0);
            sent = 0;
            sendChain = step(theirs, own);
        }
        known.chain = chain;
        known.next = next;
        known.skipped.putAll(skipped);
        known.skipped.remove(counter);
        known.used.put(counter, keys);
        pending = null;
        return new Opened(place, plain);
    }

    private UsedBefore usedBefore(Place place, byte[] key, byte[] message, byte[] wire, byte[] sealed)
            throws GeneralSecurityException {
        return new UsedBefore(place, key == null ? Optional.empty() : Optional.of(opened(key, message, wire, sealed)));
    }

    private byte[] opened(byte[] keys, byte[] message, byte[] wire, byte[] sealed) throws GeneralSecurityException {
        if (!Arrays.equals(
                mac(keys, theirIdentity, ownIdentity, message),
                Arrays.copyOfRange(wire, wire.length - 8, wire.length))) {
            throw new GeneralSecurityException("bad MAC");
        }
        return Crypto.cbc(false, Arrays.copyOf(keys, 32), Arrays.copyOfRange(keys, 64, 80), sealed);
    }

    /** The session as it stands now, a second time: what a sender has who goes back to an old state. */
    Ratchet copy() {
        var twin = new Ratchet(ownIdentity, theirIdentity, base);
        twin.root = root;
        twin.own = own;
        twin.sendChain = sendChain;
        twin.sent = sent;
        twin.previous = previous;
        twin.pending = pending;
        return twin;
    }

    private static String hex(byte[] key) {
        return HexFormat.of().formatHex(Crypto.typed(key));
    }
}
