package gateway.webhook;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import gateway.store.Store;
import gateway.store.Tx;
import gateway.webhook.DeliveryState.Code;

/** The table of deliveries: adds new ones, and writes how attempts ended. {@link DeliveryClaims} gives them out. */
final class DeliveryQueue {
    private final Store store;
    private final String holder;

    /** @param holder names this process, different from every other that uses the database */
    DeliveryQueue(Store store, String holder) {
        this.store = store;
        this.holder = holder;
    }

    static void add(Tx tx, String event, String endpoint, String body, int orderKey, long dueAt, boolean dead) {
        if (dead) {
            tx.insert(
                    "INSERT INTO delivery (event, endpoint, body, order_key, state, due_at, last_error, finished_at) "
                            + "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    event,
                    endpoint,
                    body,
                    orderKey,
                    Code.DEAD,
                    dueAt,
                    "the endpoint was disabled when this happened",
                    dueAt);
        } else {
            tx.insert(
                    "INSERT INTO delivery (event, endpoint, body, order_key, due_at) VALUES (?, ?, ?, ?, ?)",
                    event,
                    endpoint,
                    body,
                    orderKey,
                    dueAt);
        }
    }

    /** Writes down how attempts ended, many in few statements. What this process no longer holds stays as it is. */
    void settle(Tx tx, List<Outcome> outcomes) {
        var done = new ArrayList<Outcome>();
        for (var outcome : outcomes) {
            switch (outcome.next()) {
                case Outcome.Next.Done next -> done.add(outcome);
                case Outcome.Next.Again next ->
                    tx.update(
                            "UPDATE delivery SET due_at = ?, claimed_by = '', attempts = attempts + 1, "
                                    + "last_status = ?, last_error = ? WHERE seq = ? AND state = " + Code.WAITING
                                    + " AND claimed_by = ?",
                            next.dueAt(),
                            outcome.status(),
                            outcome.error(),
                            outcome.delivery().seq(),
                            holder);
                case Outcome.Next.Dead next ->
                    tx.update(
                            "UPDATE delivery SET state = " + Code.DEAD + ", claimed_by = '', attempts = attempts + 1, "
                                    + "last_status = ?, last_error = ?, finished_at = ? WHERE seq = ? AND state = "
                                    + Code.WAITING + " AND claimed_by = ?",
                            outcome.status(),
                            outcome.error(),
                            outcome.at() + outcome.millis(),
                            outcome.delivery().seq(),
                            holder);
            }
        }
        done.stream()
                .collect(Collectors.groupingBy(Outcome::status))
                .forEach((status, alike) -> delivered(tx, status, alike));
        // An endpoint, or an account, that was removed meanwhile took its deliveries with it.
        var there = there(tx, outcomes);
        record(
                tx,
                outcomes.stream()
                        .filter(outcome -> there.contains(outcome.delivery().seq()))
                        .toList());
    }

    private Set<Long> there(Tx tx, List<Outcome> outcomes) {
        var seqs = DeliveryClaims.padded(
                outcomes.stream().map(outcome -> outcome.delivery().seq()).toList());
        return Set.copyOf(tx.all(
                row -> row.number(1),
                "SELECT seq FROM delivery WHERE seq IN (" + DeliveryClaims.marks("?", seqs.size()) + ")"
                        + store.dialect().held(),
                seqs.toArray()));
    }

    /** Leaves a row for a person, with the reason; others go on. What this process no longer holds stays as it is. */
    void aside(Tx tx, Outcome outcome, String why, long now) {
        tx.update(
                "UPDATE delivery SET state = " + Code.ASIDE
                        + ", claimed_by = '', attempts = attempts + 1, last_status = ?, last_error = ?, aside_at = ?, "
                        + "aside_why = ? WHERE seq = ? AND state = " + Code.WAITING + " AND claimed_by = ?",
                outcome.status(),
                outcome.error(),
                now,
                why,
                outcome.delivery().seq(),
                holder);
    }

    private void delivered(Tx tx, int status, List<Outcome> done) {
        var values = new ArrayList<Object>();
        values.add(status);
        values.add(done.stream()
                .mapToLong(outcome -> outcome.at() + outcome.millis())
                .max()
                .orElseThrow());
        values.add(holder);
        var seqs = DeliveryClaims.padded(
                done.stream().map(outcome -> outcome.delivery().seq()).toList());
        values.addAll(seqs);
        tx.update(
                "UPDATE delivery SET state = " + Code.DELIVERED
                        + ", claimed_by = '', attempts = attempts + 1, last_status = ?, last_error = NULL, "
                        + "finished_at = ? WHERE state = " + Code.WAITING + " AND claimed_by = ? AND seq IN ("
                        + DeliveryClaims.marks("?", seqs.size()) + ")",
                values.toArray());
    }

    private static void record(Tx tx, List<Outcome> outcomes) {
        if (outcomes.isEmpty()) {
            return;
        }
        var values = new ArrayList<Object>(outcomes.size() * 6);
        for (var outcome : outcomes) {
            Collections.addAll(
                    values,
                    outcome.delivery().seq(),
                    outcome.at(),
                    outcome.status(),
                    outcome.millis(),
                    outcome.error(),
                    outcome.response());
        }
        tx.insert(
                "INSERT INTO webhook_attempt (delivery, at, status, millis, error, response) VALUES "
                        + DeliveryClaims.marks("(?, ?, ?, ?, ?, ?)", outcomes.size()),
                values.toArray());
    }
}
