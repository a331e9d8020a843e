package gateway.engine.web.signal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import gateway.engine.web.primitive.WireRefusal;

/** The stored form of a session. It holds secrets in the clear: whoever stores it seals it. */
public final class SessionCodec {
    private static final int VERSION = 1;
    /** The version whose states end with whether each is read-only; written only when one is. */
    private static final int RESTORED = 2;

    private SessionCodec() {}

    /** The stored form; some 400 bytes for a session of one state. */
    public static byte[] encode(SignalSession session) {
        int version = session.states().stream().anyMatch(SessionState::readOnly) ? RESTORED : VERSION;
        StateWriter out = new StateWriter(version).number(session.archived().size());
        session.states().forEach(state -> write(out, state, version));
        return out.written();
    }

    /**
     * The session of a stored form.
     *
     * @throws WireRefusal ({@code BAD_VERSION}, {@code MALFORMED}, {@code OVERSIZED}) for what {@link #encode} did
     *     not write
     */
    public static SignalSession decode(byte[] stored) throws WireRefusal {
        int version = stored.length > 0 && stored[0] == RESTORED ? RESTORED : VERSION;
        StateReader in = new StateReader(stored, version);
        int archived = in.count(SignalLimits.MAX_ARCHIVED_STATES);
        SessionState current = read(in, version);
        List<SessionState> rest = new ArrayList<>(archived);
        for (int i = 0; i < archived; i++) {
            rest.add(read(in, version));
        }
        in.end();
        return new SignalSession(current, rest);
    }

    private static void write(StateWriter out, SessionState state, int version) {
        out.key(state.baseKey())
                .key(state.localIdentity())
                .key(state.remoteIdentity())
                .secret(state.root())
                .pair(state.ratchet())
                .chain(state.send())
                .number(state.previousCounter())
                .number(state.receive().size());
        state.receive()
                .forEach(chain -> out.key(chain.ratchet()).chain(chain.chain()).skipped(chain.skipped()));
        out.flag(state.pending().isPresent());
        state.pending().ifPresent(pending -> out.optional(pending.preKeyId()).number(pending.signedPreKeyId()));
        out.number(state.remoteRegistrationId());
        if (version == RESTORED) {
            out.flag(state.readOnly());
        }
    }

    private static SessionState read(StateReader in, int version) throws WireRefusal {
        CurvePublic baseKey = in.key();
        CurvePublic localIdentity = in.key();
        CurvePublic remoteIdentity = in.key();
        Secret32 root = in.secret();
        CurvePair ratchet = in.pair();
        HashChain send = in.chain();
        int previousCounter = in.number();
        int chains = in.count(SignalLimits.MAX_RECEIVE_CHAINS);
        List<ReceiveChain> receive = new ArrayList<>(chains);
        for (int i = 0; i < chains; i++) {
            receive.add(new ReceiveChain(in.key(), in.chain(), in.skipped()));
        }
        Optional<SessionState.Pending> pending =
                in.flag() ? Optional.of(new SessionState.Pending(in.optional(), in.number())) : Optional.empty();
        return new SessionState(
                baseKey,
                localIdentity,
                remoteIdentity,
                root,
                ratchet,
                send,
                previousCounter,
                receive,
                pending,
                in.number(),
                version == RESTORED && in.flag());
    }
}
