package gateway.engine.web.signal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/** The stored form of a sender's keys. It holds secrets in the clear: whoever stores it seals it. */
public final class SenderKeysCodec {
    private static final int VERSION = 1;

    private SenderKeysCodec() {}

    /** The stored form; some 80 bytes for one key. */
    public static byte[] encode(SenderKeys keys) {
        StateWriter out = new StateWriter(VERSION).number(keys.states().size());
        keys.states().forEach(state -> {
            out.number(state.id())
                    .chain(state.chain())
                    .key(state.signing())
                    .flag(state.signingSecret().isPresent());
            state.signingSecret().ifPresent(out::secret);
            out.skipped(state.skipped());
        });
        return out.written();
    }

    /**
     * The keys of a stored form.
     *
     * @throws WireRefusal ({@code BAD_VERSION}, {@code MALFORMED}, {@code OVERSIZED}) for what {@link #encode} did
     *     not write
     */
    public static SenderKeys decode(byte[] stored) throws WireRefusal {
        StateReader in = new StateReader(stored, VERSION);
        int count = in.count(SignalLimits.MAX_SENDER_KEY_STATES);
        if (count == 0) {
            throw new WireRefusal(Reason.MALFORMED, "a stored sender has no key");
        }
        List<SenderKeyState> states = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int id = in.number();
            HashChain chain = in.chain();
            CurvePublic signing = in.key();
            Optional<Secret32> secret = in.flag() ? Optional.of(in.secret()) : Optional.empty();
            states.add(new SenderKeyState(id, chain, signing, secret, in.skipped()));
        }
        in.end();
        return new SenderKeys(states);
    }
}
