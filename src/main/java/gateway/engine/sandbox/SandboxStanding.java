package gateway.engine.sandbox;

import gateway.engine.Event.Connection.State;
import gateway.engine.Standing;

/** How a pretended connection stands. */
final class SandboxStanding {
    private SandboxStanding() {}

    /** The standing that a state comes to at a time in epoch milliseconds. */
    static Standing of(State state, long now) {
        return switch (state) {
            case BANNED ->
                new Standing(Standing.State.STOPPED, "banned", "the simulated WhatsApp has banned the account", now, 0);
            case DISCONNECTED ->
                new Standing(Standing.State.STOPPED, "lost", "the simulated connection was dropped", now, 0);
            case PAIRED, CONNECTED -> new Standing(Standing.State.CONNECTED, now);
            case PAIRING, LOGGED_OUT -> new Standing(Standing.State.UNPAIRED, now);
        };
    }
}
