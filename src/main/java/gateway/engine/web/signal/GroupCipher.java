package gateway.engine.web.signal;

import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;

import gateway.engine.web.primitive.AesCbc;
import gateway.engine.web.primitive.Hkdf;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/**
 * Encrypts for groups with sender keys: pure functions like those of {@link SessionCipher}. A distribution is taken
 * <em>before</em> the message that it is to open.
 */
public final class GroupCipher {
    private static final int DERIVED_BYTES = 48;
    private static final int ID_BYTES = 4;

    private GroupCipher() {}

    /** A distribution message and the keys after it: the given ones, or new ones when there were none. */
    public record Distributed(SenderKeys next, byte[] wire) {}

    /** An encrypted message and the keys after it. */
    public record GroupEncrypted(SenderKeys next, byte[] wire) {}

    /** A decrypted message, still padded, and the keys after it. */
    public record GroupDecrypted(SenderKeys next, byte[] plain) {}

    /**
     * A new key of our own, which takes the place of all earlier ones. Draws the id (4 bytes, of which 31 bits are
     * used), the chain key (32 bytes), the signing key (32 bytes).
     */
    public static SenderKeys rotate(RandomGenerator random) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        byte[] chain = new byte[Curve.KEY_BYTES];
        random.nextBytes(chain);
        return own(
                (id[0] & 0x7F) << 24 | (id[1] & 0xFF) << 16 | (id[2] & 0xFF) << 8 | id[3] & 0xFF,
                chain,
                0,
                Curve.privateKey(random));
    }

    /**
     * A key of our own with the given parts: the id (32 bits), the chain key at an iteration, the signing key's
     * secret.
     */
    public static SenderKeys own(int id, byte[] chainKey, int iteration, byte[] signingSecret) {
        CurvePair signing = CurvePair.of(signingSecret);
        return SenderKeys.withNewest(
                Optional.empty(),
                new SenderKeyState(
                        id,
                        new HashChain(Secret32.of(chainKey), iteration),
                        signing.known(),
                        Optional.of(signing.secret()),
                        SkippedKeys.NONE));
    }

    /** The distribution of our own key as it stands, which is made when there is none yet. */
    public static Distributed distribute(Optional<SenderKeys> own, RandomGenerator random) {
        SenderKeys keys = own.orElseGet(() -> rotate(random));
        SenderKeyState state = keys.newest();
        return new Distributed(keys, new SenderKeyDistribution(state.id(), state.chain(), state.signing()).write());
    }

    /**
     * Takes a sender's distribution. The same key once more changes nothing that was used, and loses no skipped key;
     * an id with another signing key replaces the earlier key of this id.
     *
     * @throws WireRefusal with the reason; the given keys stay valid
     */
    public static SenderKeys accept(Optional<SenderKeys> theirs, byte[] distribution) throws WireRefusal {
        SenderKeyDistribution shown = SenderKeyDistribution.read(distribution);
        SenderKeyState fresh =
                new SenderKeyState(shown.id(), shown.chain(), shown.signing(), Optional.empty(), SkippedKeys.NONE);
        Optional<SenderKeyState> same = theirs.flatMap(keys -> keys.state(shown.id()))
                .filter(state -> state.signing().equals(shown.signing()));
        return SenderKeys.withNewest(theirs, same.isPresent() ? merged(same.get(), shown.chain()) : fresh);
    }

    private static SenderKeyState merged(SenderKeyState had, HashChain shown) throws WireRefusal {
        int ahead = shown.next() - had.chain().next();
        if (ahead <= 0) {
            return had;
        }
        if (ahead > SignalLimits.MAX_JUMP) {
            return had.with(shown, had.skipped());
        }
        HashChain.Reached before = had.chain().reach(shown.next() - 1);
        if (!before.chain().equals(shown)) {
            return had.with(shown, SkippedKeys.NONE);
        }
        return had.with(
                shown,
                had.skipped().with(before.between()).with(new SkippedKeys.Skipped(shown.next() - 1, before.seed())));
    }

    /** Encrypts with our newest key. {@code random} is asked once, for the signature's 64 bytes. */
    public static GroupEncrypted encrypt(SenderKeys own, byte[] padded, RandomGenerator random) {
        SenderKeyState state = own.newest();
        HashChain chain = state.chain();
        if (chain.next() > SignalLimits.MAX_COUNTER) {
            throw new IllegalStateException("the sender key is used up: it must be rotated");
        }
        Secret32 signing = state.signingSecret().orElseThrow(() -> new IllegalArgumentException("not our own key"));
        byte[] block = block(chain.seed());
        byte[] body = AesCbc.encrypt(cipherKey(block), iv(block), padded);
        return new GroupEncrypted(
                own.replaced(state.with(chain.stepped(), state.skipped())),
                SenderKeyMessage.write(state.id(), chain.next(), body, signing, random));
    }

    /**
     * Decrypts a member's message.
     *
     * @throws WireRefusal ({@code UNKNOWN_KEY} when the sender's key has not come) with the reason; the given keys
     *     stay valid
     */
    public static GroupDecrypted decrypt(Optional<SenderKeys> theirs, byte[] wire) throws WireRefusal {
        SenderKeyMessage message = SenderKeyMessage.read(wire);
        SenderKeys keys = theirs.orElseThrow(() -> new WireRefusal(Reason.UNKNOWN_KEY, "the sender has no key here"));
        SenderKeyState state = keys.state(message.id())
                .orElseThrow(() -> new WireRefusal(Reason.UNKNOWN_KEY, "the sender key's id is unknown"));
        if (!message.isSignedBy(state.signing())) {
            throw new WireRefusal(Reason.BAD_SIGNATURE, "the group message's signature does not verify");
        }
        ReceiveChain.Taken taken =
                new ReceiveChain(state.signing(), state.chain(), state.skipped()).take(message.iteration());
        byte[] block = block(taken.seed());
        byte[] plain = AesCbc.decrypt(cipherKey(block), iv(block), message.body());
        return new GroupDecrypted(
                keys.replaced(state.with(taken.chain().chain(), taken.chain().skipped())), plain);
    }

    private static byte[] block(Secret32 seed) {
        return Hkdf.derive(seed.view(), Hkdf.NO_SALT, "WhisperGroup", DERIVED_BYTES);
    }

    private static byte[] iv(byte[] block) {
        return Arrays.copyOf(block, AesCbc.BLOCK_BYTES);
    }

    private static byte[] cipherKey(byte[] block) {
        return Arrays.copyOfRange(block, AesCbc.BLOCK_BYTES, DERIVED_BYTES);
    }
}
