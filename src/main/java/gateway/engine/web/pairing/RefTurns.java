package gateway.engine.web.pairing;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The turns of an offer's refs: one after another, each is the current one for its time (web-1 §4.1). Six refs last for
 * 160 s together; the phone accepts a ref for as long as its turn lasts.
 *
 * @param refs in the server's order
 */
public record RefTurns(List<String> refs) {
    /** How many refs a whole offer has. */
    private static final int WHOLE_OFFER = 6;

    public RefTurns {
        refs = List.copyOf(refs);
    }

    /** The current ref, and how much of its turn is left; more than zero. */
    public record Turn(String ref, Duration left) {}

    /**
     * The turn at a moment.
     *
     * @param age the time since the offer came, not negative
     * @return empty when every ref has had its turn
     */
    public Optional<Turn> at(Duration age) {
        Duration end = Duration.ZERO;
        for (int i = 0; i < refs.size(); i++) {
            end = end.plus(i == 0 && refs.size() == WHOLE_OFFER ? PairDevice.FIRST_LIFE : PairDevice.NEXT_LIFE);
            if (age.compareTo(end) < 0) {
                return Optional.of(new Turn(refs.get(i), end.minus(age)));
            }
        }
        return Optional.empty();
    }
}
