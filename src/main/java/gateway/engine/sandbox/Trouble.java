package gateway.engine.sandbox;


import java.util.Optional;

import gateway.engine.EngineRefusal.Reason;
import gateway.engine.EngineRefusal;
import gateway.store.Store;

/** What the scenario wants to go wrong for one account. It stands on disk, so it still stands after a crash. */
final class Trouble {
    private final Store store;
    private final String device;
    /** Asked before every send. Only this process changes it. */
    private volatile State state;

    Trouble(Store store, String device) {
        this.store = store;
        this.device = device;
        this.state = stored();
    }

    /**
     * How things stand.
     *
     * @param failNext sends that will fail
     * @param failPassing whether they fail for a reason that passes, so that the gateway tries again
     * @param deliveredAfter milliseconds until the recipient's phone answers; negative when it never does
     * @param readAfter as {@code deliveredAfter}, for the blue ticks
     */
    public record State(boolean banned, boolean dropped, int failNext, boolean failPassing, long deliveredAfter, long readAfter) {
        static final State NONE = new State(false, false, 0, true, 100, 400);
    }

    State state() {
        return state;
    }

    private State stored() {
        return store.one(row -> new State(row.flag("banned"), row.flag("dropped"), (int) row.number("fail_next"),
                        row.flag("fail_passing"), row.number("delivered_after"), row.number("read_after")),
                "SELECT * FROM sandbox_trouble WHERE device = ?", device).orElse(State.NONE);
    }

    void banned(boolean banned) {
        set("banned = ?", banned ? 1 : 0);
    }

    void dropped(boolean dropped) {
        set("dropped = ?", dropped ? 1 : 0);
    }

    void receipts(long deliveredAfter, long readAfter) {
        set("delivered_after = ?, read_after = ?", deliveredAfter, readAfter);
    }

    void failNext(int sends, boolean passing) {
        set("fail_next = ?, fail_passing = ?", sends, passing ? 1 : 0);
    }

    private void set(String assignments, Object... values) {
        var parameters = new java.util.ArrayList<>(java.util.List.of(values));
        parameters.add(device);
        store.write(tx -> {
            tx.insert("INSERT INTO sandbox_trouble (device) VALUES (?) ON CONFLICT (device) DO NOTHING", device);
            return tx.update("UPDATE sandbox_trouble SET " + assignments + " WHERE device = ?", parameters.toArray());
        });
        state = stored();
    }

    /** The refusal this send must meet, if it is one of those. */
    Optional<EngineRefusal> strike() {
        var before = state;
        if (before.failNext() == 0) {
            return Optional.empty();
        }
        long struck = store.write(tx -> tx.update(
                "UPDATE sandbox_trouble SET fail_next = fail_next - 1 WHERE device = ? AND fail_next > 0", device));
        state = stored();
        if (struck == 0) {
            return Optional.empty();
        }
        return Optional.of(before.failPassing()
                ? new EngineRefusal(Reason.TRY_LATER, "WhatsApp asks to slow down")
                : new EngineRefusal(Reason.REJECTED, "WhatsApp refused the message"));
    }
}
