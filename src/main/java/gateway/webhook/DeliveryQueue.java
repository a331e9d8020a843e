package gateway.webhook;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

import gateway.store.SqlDialect;
import gateway.store.Store;
import gateway.store.Tx;
import gateway.webhook.DeliveryState.Code;

/**
 * The table of deliveries as a queue. A claim marks the row with its holder and moves its due time ahead by the length
 * of the claim: a process that dies gives its rows back by letting that time pass, and a process that was paused can no
 * longer write to rows another one holds.
 */
final class DeliveryQueue {
    /** The longest a row stays in memory before its attempt begins, plus the attempt. */
    static final long CLAIM_MILLIS = 120_000;

    private final Store store;
    private final String holder;
    private final String claim;

    /** @param holder names this process, different from every other that uses the database */
    DeliveryQueue(Store store, String holder) {
        this.store = store;
        this.holder = holder;
        this.claim = "WITH due AS MATERIALIZED (SELECT seq FROM delivery WHERE endpoint = ? AND state = " + Code.WAITING
                + " AND due_at <= ? "
                + "ORDER BY due_at, seq LIMIT ?" + store.dialect().skipLocked()
                + ") UPDATE delivery SET due_at = ?, claimed_by = ? "
                + "WHERE seq IN (SELECT seq FROM due) RETURNING seq, event, body, attempts";
    }

    static void add(Tx tx, String event, String endpoint, String body, long dueAt, boolean dead) {
        if (dead) {
            tx.insert(
                    "INSERT INTO delivery (event, endpoint, body, state, due_at, last_error, finished_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    event,
                    endpoint,
                    body,
                    Code.DEAD,
                    dueAt,
                    "the endpoint was disabled when this happened",
                    dueAt);
        } else {
            tx.insert(
                    "INSERT INTO delivery (event, endpoint, body, due_at) VALUES (?, ?, ?, ?)",
                    event,
                    endpoint,
                    body,
                    dueAt);
        }
    }

    /** Takes what is due, oldest first. */
    List<Delivery> claim(String endpoint, int most, long now) {
        long until = now + CLAIM_MILLIS;
        return store
                .write(tx -> tx.all(
                        row -> new Delivery(row.number(1), row.text(2), row.text(3), (int) row.number(4), until),
                        claim,
                        endpoint,
                        now,
                        most,
                        until,
                        holder))
                .stream()
                .sorted(Comparator.comparingLong(Delivery::seq))
                .toList();
    }

    /** When the next row of the endpoint comes due. */
    OptionalLong nextDue(String endpoint) {
        return store.one(
                        row -> OptionalLong.of(row.number(1)),
                        "SELECT due_at FROM delivery WHERE endpoint = ? AND state = " + Code.WAITING
                                + " ORDER BY due_at LIMIT 1",
                        endpoint)
                .orElse(OptionalLong.empty());
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
        var seqs = outcomes.stream()
                .map(outcome -> (Object) outcome.delivery().seq())
                .toArray();
        return Set.copyOf(tx.all(
                row -> row.number(1),
                "SELECT seq FROM delivery WHERE seq IN (" + marks("?", seqs.length) + ")"
                        + store.dialect().held(),
                seqs));
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
        done.forEach(outcome -> values.add(outcome.delivery().seq()));
        tx.update(
                "UPDATE delivery SET state = " + Code.DELIVERED
                        + ", claimed_by = '', attempts = attempts + 1, last_status = ?, last_error = NULL, "
                        + "finished_at = ? WHERE state = " + Code.WAITING + " AND claimed_by = ? AND seq IN ("
                        + marks("?", done.size()) + ")",
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
                        + marks("(?, ?, ?, ?, ?, ?)", outcomes.size()),
                values.toArray());
    }

    private static String marks(String mark, int count) {
        return String.join(", ", Collections.nCopies(count, mark));
    }

    /** Gives back what this process claimed and did not attempt. */
    void release(long now) {
        store.write(tx -> tx.update(
                "UPDATE delivery SET claimed_by = '', due_at = ? WHERE state = " + Code.WAITING + " AND claimed_by = ?",
                now,
                holder));
    }

    /**
     * Takes back what an earlier process of this installation held when it died. Only where one process owns the
     * database; elsewhere the others' claims look the same, and time gives the rows back.
     */
    void recover(long now) {
        if (store.dialect() == SqlDialect.SQLITE) {
            store.write(tx -> tx.update(
                    "UPDATE delivery SET claimed_by = '', due_at = ? WHERE state = " + Code.WAITING
                            + " AND claimed_by <> ''",
                    now));
        }
    }
}
