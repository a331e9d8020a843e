package gateway.engine.sandbox;

import java.time.Duration;
import java.util.Optional;

import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
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
     * @param fault what those meet
     * @param deliveredAfter milliseconds until the recipient's phone answers; negative when it never does
     * @param readAfter as {@code deliveredAfter}, for the blue ticks
     */
    public record State(
            boolean banned, boolean dropped, int failNext, Fault fault, long deliveredAfter, long readAfter) {
        static final State NONE = new State(false, false, 0, new Fault(Kind.TRY_LATER, 0), 100, 400);
    }

    /** In what way a send goes wrong. {@code FAILED_LATER} is taken, and refused afterwards. */
    public enum Kind {
        TRY_LATER,
        REJECTED,
        RESTRICTED,
        WINDOW_CLOSED,
        FAILED_LATER
    }

    /** What a send meets; {@code retryAfter} is in seconds, 0 when WhatsApp names no time. */
    public record Fault(Kind kind, long retryAfter) {

        /** The refusal; empty when the message is taken and refused afterwards. */
        Optional<EngineRefusal> refusal() {
            var wait = retryAfter == 0 ? Optional.<Duration>empty() : Optional.of(Duration.ofSeconds(retryAfter));
            return switch (kind) {
                case TRY_LATER -> Optional.of(new EngineRefusal(Reason.TRY_LATER, "WhatsApp asks to slow down", wait));
                case REJECTED -> Optional.of(new EngineRefusal(Reason.REJECTED, "WhatsApp refused the message", wait));
                case RESTRICTED ->
                    Optional.of(new EngineRefusal(Reason.RESTRICTED, "WhatsApp has restricted this account", wait));
                case WINDOW_CLOSED ->
                    Optional.of(new EngineRefusal(
                            Reason.WINDOW_CLOSED,
                            "The recipient wrote too long ago; WhatsApp takes only a template now",
                            wait));
                case FAILED_LATER -> Optional.empty();
            };
        }
    }

    State state() {
        return state;
    }

    private State stored() {
        return store.one(
                        row -> new State(
                                row.flag("banned"),
                                row.flag("dropped"),
                                (int) row.number("fail_next"),
                                new Fault(Kind.valueOf(row.text("fail_kind")), row.number("fail_retry_after")),
                                row.number("delivered_after"),
                                row.number("read_after")),
                        "SELECT * FROM sandbox_trouble WHERE device = ?",
                        device)
                .orElse(State.NONE);
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

    void failNext(int sends, Fault fault) {
        set(
                "fail_next = ?, fail_kind = ?, fail_retry_after = ?",
                sends,
                fault.kind().name(),
                fault.retryAfter());
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

    /** What this send meets, if it is one of those. */
    Optional<Fault> strike() {
        var before = state;
        if (before.failNext() == 0) {
            return Optional.empty();
        }
        long struck = store.write(tx -> tx.update(
                "UPDATE sandbox_trouble SET fail_next = fail_next - 1 WHERE device = ? AND fail_next > 0", device));
        state = stored();
        return struck == 0 ? Optional.empty() : Optional.of(before.fault());
    }
}
