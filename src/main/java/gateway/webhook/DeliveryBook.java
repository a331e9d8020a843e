package gateway.webhook;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

import gateway.budget.Share;
import gateway.store.Row;
import gateway.store.Store;
import gateway.webhook.DeliveryState.Code;

/** Deliveries as operators see them: lists, attempts, and sending again. Works on the database alone. */
public final class DeliveryBook {
    private static final int PIECE = 500;

    private final Store store;
    private final InstantSource clock;
    private final Runnable changed;

    /** @param changed called when there is something to send; a command beside a running server has nothing to call */
    public DeliveryBook(Store store, InstantSource clock, Runnable changed) {
        this.store = store;
        this.clock = clock;
        this.changed = changed;
    }

    /**
     * A delivery as lists show it. {@code state} is {@code waiting}, {@code delivered}, {@code dead} or {@code aside}.
     */
    public record DeliveryView(
            long seq,
            String event,
            String type,
            String endpoint,
            String state,
            int attempts,
            long dueAt,
            OptionalInt lastStatus,
            String lastError,
            OptionalLong finishedAt,
            OptionalLong asideAt,
            String asideWhy) {}

    /** One attempt of a delivery. */
    public record AttemptView(long at, int status, long millis, String error, String response) {}

    /**
     * Which deliveries.
     *
     * @param state {@code waiting}, {@code delivered}, {@code dead} or {@code aside}
     * @param since only of events that happened from then on, epoch milliseconds
     */
    public record Selection(Optional<String> endpoint, Optional<String> state, OptionalLong since) {
        public Selection {
            state.ifPresent(DeliveryBook::code);
        }
    }

    /** Deliveries, newest first, from {@code before} (a delivery's number, or 0 for the newest) downwards. */
    public List<DeliveryView> list(Selection selection, long before, int most) {
        var where = new Where(selection);
        where.and("delivery.seq < ?", before > 0 ? before : Long.MAX_VALUE);
        where.values.add(most);
        Share.current().search();
        return store.all(
                DeliveryBook::delivery,
                "SELECT delivery.seq, event, type, endpoint, state, attempts, due_at, "
                        + "coalesce(last_status, 0), coalesce(last_error, ''), coalesce(finished_at, 0), coalesce(aside_at, 0), aside_why "
                        + "FROM delivery JOIN event ON event.id = delivery.event" + where.text
                        + " ORDER BY delivery.seq DESC LIMIT ?",
                where.values.toArray());
    }

    /** How many are set aside, over all endpoints. */
    public long aside() {
        return store.number("SELECT count(*) FROM delivery WHERE state = " + Code.ASIDE);
    }

    /** The attempts of a delivery, oldest first. */
    public List<AttemptView> attempts(long delivery) {
        return store.all(
                row -> new AttemptView(row.number(1), (int) row.number(2), row.number(3), row.text(4), row.text(5)),
                "SELECT at, status, millis, error, response FROM webhook_attempt WHERE delivery = ? ORDER BY seq",
                delivery);
    }

    /**
     * Sends deliveries that are finished or set aside again, unless their bodies were forgotten, with their own ids and
     * bodies and a fresh calendar. Goes through them in pieces, so that other writes find their turn between.
     *
     * @return how many
     */
    public long replay(Selection selection) {
        long count = 0;
        long last = 0;
        while (true) {
            var where = new Where(selection);
            where.and("state <> ?", Code.WAITING);
            where.and("delivery.seq > ?", last);
            where.values.add(PIECE);
            var piece = store.all(
                    row -> row.number(1),
                    "SELECT delivery.seq FROM delivery JOIN event ON event.id = delivery.event" + where.text
                            + " ORDER BY delivery.seq LIMIT ?",
                    where.values.toArray());
            if (piece.isEmpty()) {
                return count;
            }
            count += restart(piece);
            last = piece.getLast();
        }
    }

    /** Sends one delivery again; false when there is none of that number that is finished. */
    public boolean replay(long delivery) {
        return restart(List.of(delivery)) > 0;
    }

    private long restart(List<Long> deliveries) {
        var values = new ArrayList<Object>(List.of(clock.millis()));
        values.addAll(deliveries);
        long count = store.write(tx -> {
            long restarted = tx.update(
                    "UPDATE delivery SET state = " + Code.WAITING
                            + ", attempts = 0, claimed_by = '', finished_at = NULL, "
                            + "aside_at = NULL, aside_why = '', due_at = ? "
                            + "WHERE state <> " + Code.WAITING + " AND body <> '' AND seq IN ("
                            + String.join(", ", Collections.nCopies(deliveries.size(), "?")) + ")",
                    values.toArray());
            return restarted > 0 && EndpointTable.changed(tx) > 0 ? restarted : 0;
        });
        if (count > 0) {
            changed.run();
        }
        return count;
    }

    private static DeliveryView delivery(Row row) {
        long status = row.number(8);
        long finished = row.number(10);
        long aside = row.number(11);
        return new DeliveryView(
                row.number(1),
                row.text(2),
                row.text(3),
                row.text(4),
                DeliveryState.of(row.number(5)).word(),
                (int) row.number(6),
                row.number(7),
                status > 0 ? OptionalInt.of((int) status) : OptionalInt.empty(),
                row.text(9),
                finished > 0 ? OptionalLong.of(finished) : OptionalLong.empty(),
                aside > 0 ? OptionalLong.of(aside) : OptionalLong.empty(),
                row.text(12));
    }

    private static int code(String state) {
        return DeliveryState.named(state)
                .map(DeliveryState::code)
                .orElseThrow(() -> new InvalidEndpoint("status", "must be waiting, delivered, dead or aside"));
    }

    /** A selection in SQL. */
    private static final class Where {
        private final StringBuilder text = new StringBuilder(" WHERE 1 = 1");
        private final List<Object> values = new ArrayList<>();

        Where(Selection selection) {
            selection.endpoint().ifPresent(endpoint -> and("endpoint = ?", endpoint));
            selection.state().ifPresent(state -> and("state = ?", code(state)));
            selection.since().ifPresent(since -> and("happened_at >= ?", since));
        }

        void and(String condition, Object value) {
            text.append(" AND ").append(condition);
            values.add(value);
        }
    }
}
