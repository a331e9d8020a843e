package gateway.engine.web.signal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The keys of one sender in one group. Deep-immutable.
 *
 * @param states newest first, {@link SignalLimits#MAX_SENDER_KEY_STATES} at most; never empty
 */
public record SenderKeys(List<SenderKeyState> states) {
    public SenderKeys {
        states = List.copyOf(states);
        if (states.isEmpty()) {
            throw new IllegalArgumentException("a sender has a key");
        }
    }

    /** The key that encrypts. */
    public SenderKeyState newest() {
        return states.getFirst();
    }

    Optional<SenderKeyState> state(int id) {
        return states.stream().filter(state -> state.id() == id).findFirst();
    }

    /** The keys with the given one at its place, in the stead of the one of the same id. */
    SenderKeys replaced(SenderKeyState state) {
        return new SenderKeys(
                states.stream().map(old -> old.id() == state.id() ? state : old).toList());
    }

    /** The keys with the given one as the newest, in the stead of the one of the same id. */
    static SenderKeys withNewest(Optional<SenderKeys> old, SenderKeyState state) {
        List<SenderKeyState> states = new ArrayList<>();
        states.add(state);
        old.ifPresent(keys -> keys.states.stream()
                .filter(other -> other.id() != state.id())
                .limit(SignalLimits.MAX_SENDER_KEY_STATES - 1L)
                .forEach(states::add));
        return new SenderKeys(states);
    }
}
