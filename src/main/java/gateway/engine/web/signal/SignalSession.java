package gateway.engine.web.signal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The session with one device of a person. Deep-immutable.
 *
 * @param current  the state that sends
 * @param archived the earlier states, newest first, {@link SignalLimits#MAX_ARCHIVED_STATES} at most; each still
 *     decrypts
 */
public record SignalSession(SessionState current, List<SessionState> archived) {
    public SignalSession {
        archived = List.copyOf(archived);
    }

    /** A session of one state. */
    static SignalSession of(SessionState only) {
        return new SignalSession(only, List.of());
    }

    /** Whether a pre-key message of this base key belongs to a state that is there. */
    public boolean knows(CurvePublic baseKey) {
        return state(baseKey).isPresent();
    }

    /** The session whose sending state is that of the base key; the same session when no state has this key. */
    public SignalSession withCurrent(CurvePublic baseKey) {
        return state(baseKey).map(this::with).orElse(this);
    }

    /** Whether the current state may encrypt; one out of a backup may not, and the session is opened anew. */
    public boolean sends() {
        return !current.readOnly();
    }

    /** The session as it comes out of a backup: each of its states decrypts, and none encrypts. */
    public SignalSession forReading() {
        return new SignalSession(
                current.forReading(),
                archived.stream().map(SessionState::forReading).toList());
    }

    Optional<SessionState> state(CurvePublic baseKey) {
        return states().stream()
                .filter(state -> state.baseKey().equals(baseKey))
                .findFirst();
    }

    List<SessionState> states() {
        List<SessionState> states = new ArrayList<>(1 + archived.size());
        states.add(current);
        states.addAll(archived);
        return states;
    }

    /**
     * The session after a new state was begun: the states of the same identity are kept as archived ones, those of an
     * identity that the peer gave up are not.
     */
    static SignalSession begun(Optional<SignalSession> old, SessionState state) {
        return old.filter(session -> session.current.remoteIdentity().equals(state.remoteIdentity()))
                .map(session -> session.with(state))
                .orElseGet(() -> of(state));
    }

    /** The session in which the state replaces that of the same base key, if there is one, and sends from now on. */
    SignalSession with(SessionState state) {
        if (state.readOnly() && sends()) {
            // A late message of an old state does not bring the old state back.
            return new SignalSession(
                    current,
                    archived.stream()
                            .map(old -> old.baseKey().equals(state.baseKey()) ? state : old)
                            .toList());
        }
        List<SessionState> rest = new ArrayList<>(states());
        rest.removeIf(other -> other.baseKey().equals(state.baseKey()));
        while (rest.size() > SignalLimits.MAX_ARCHIVED_STATES) {
            rest.removeLast();
        }
        return bounded(new SignalSession(state, rest));
    }

    /**
     * Drops the keys of skipped messages beyond the session's limit: the oldest of the oldest chain of the oldest
     * state.
     */
    private static SignalSession bounded(SignalSession session) {
        int left = SignalLimits.MAX_SKIPPED_KEYS_OF_SESSION;
        if (session.states().stream().mapToInt(SessionState::skippedKeys).sum() <= left) {
            return session;
        }
        List<SessionState> kept = new ArrayList<>();
        for (SessionState state : session.states()) {
            List<ReceiveChain> chains = new ArrayList<>();
            for (ReceiveChain chain : state.receive()) {
                SkippedKeys skipped = chain.skipped().newest(left);
                left -= skipped.size();
                chains.add(new ReceiveChain(chain.ratchet(), chain.chain(), skipped));
            }
            kept.add(state.withChains(chains));
        }
        return new SignalSession(kept.getFirst(), kept.subList(1, kept.size()));
    }
}
