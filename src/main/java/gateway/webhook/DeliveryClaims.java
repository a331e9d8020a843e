package gateway.webhook;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;

import gateway.store.SqlDialect;
import gateway.store.Store;
import gateway.store.Tx;
import gateway.webhook.DeliveryState.Code;

/**
 * The claims on deliveries. A claim marks a row with its holder and with the time at which the claim ends: a process
 * that dies gives its rows back by letting that time pass, and a process that was paused can no longer write to rows
 * another one holds. A chat is claimed by one process at a time, some deliveries in their order.
 */
final class DeliveryClaims {
    /** The longest a row stays in memory before its attempt begins, plus the attempt. */
    static final long CLAIM_MILLIS = 120_000;
    /** Due rows looked at first; more than can be claimed at once. */
    private static final int LOOK = 2 * EndpointQueue.WINDOW;

    private static final String WAITING = "FROM delivery WHERE endpoint = ? AND state = " + Code.WAITING + " ";
    private static final String CLAIMED = WAITING + "AND claimed_by <> '' AND claimed_until > ? ";
    private static final String FREE = WAITING + "AND due_at <= ? AND (claimed_by = '' OR claimed_until <= ?) ";
    private static final String OLDEST = "ORDER BY due_at, seq LIMIT " + LOOK;
    private static final String OF_OTHER_CHATS =
            "AND order_key NOT IN (SELECT order_key " + CLAIMED + "AND order_key <> " + OrderKey.NONE + ") ";

    /** The oldest due rows, the claims with the time they end, and the time at which the next row comes due. */
    private static final String LOOKED_AT = "SELECT * FROM (SELECT seq, order_key, due_at " + FREE + OLDEST + ") AS due"
            + " UNION ALL SELECT " + Kind.CLAIM + ", order_key, claimed_until " + CLAIMED
            + " UNION ALL SELECT " + Kind.NEXT + ", 0, coalesce(min(due_at), 0) " + WAITING + "AND due_at > ?";

    private static final String LOOKED_AT_PAST_BUSY_CHATS =
            "SELECT seq, order_key, due_at " + FREE + OF_OTHER_CHATS + OLDEST;

    private final Store store;
    private final String holder;

    /** @param holder names this process, different from every other that uses the database */
    DeliveryClaims(Store store, String holder) {
        this.store = store;
        this.holder = holder;
    }

    /** Marks of rows that are not deliveries, in the place of a delivery's number. */
    private static final class Kind {
        static final int CLAIM = 0;
        static final int NEXT = -1;

        private Kind() {}
    }

    /**
     * What was claimed.
     *
     * @param chats the deliveries, each list of one chat and in its order
     * @param more whether more may be claimed at once
     * @param passedOver whether a due delivery waits for its chat's claim to end
     * @param next when the next row comes due or the next claim ends, epoch milliseconds
     */
    record Claim(List<List<Delivery>> chats, boolean more, boolean passedOver, OptionalLong next) {
        int size() {
            return chats.stream().mapToInt(List::size).sum();
        }
    }

    /** Takes what is due and may be claimed, the oldest first, {@code most} rows at most. */
    Claim claim(String endpoint, int most, long now) {
        var due = new ArrayList<ClaimChoice.Due>();
        var busy = new HashSet<Integer>();
        var next = OptionalLong.empty();
        for (var row : store.all(
                row -> new ClaimChoice.Due(row.number(1), (int) row.number(2), row.number(3)),
                LOOKED_AT,
                endpoint,
                now,
                now,
                endpoint,
                now,
                endpoint,
                now)) {
            if (row.seq() > 0) {
                due.add(row);
                continue;
            }
            if (row.seq() == Kind.CLAIM) {
                busy.add(row.orderKey());
            }
            if (row.at() > 0) {
                next = OptionalLong.of(Math.min(row.at(), next.orElse(Long.MAX_VALUE)));
            }
        }
        boolean many = due.size() == LOOK;
        var choice = ClaimChoice.of(due, busy, most);
        if (many && choice.passedOver() && choice.size() < most) {
            // The oldest rows are those of busy chats. The others are found behind them.
            choice = new ClaimChoice(
                    ClaimChoice.of(
                                    store.all(
                                            row -> new ClaimChoice.Due(
                                                    row.number(1), (int) row.number(2), row.number(3)),
                                            LOOKED_AT_PAST_BUSY_CHATS,
                                            endpoint,
                                            now,
                                            now,
                                            endpoint,
                                            now),
                                    busy,
                                    most)
                            .chats(),
                    true);
        }
        var chats = choice.size() == 0 ? List.<List<Delivery>>of() : take(endpoint, choice.chats(), now);
        int taken = chats.stream().mapToInt(List::size).sum();
        boolean all = taken == choice.size();
        return new Claim(chats, taken > 0 && (many || taken == most), choice.passedOver() || !all, next);
    }

    /** Marks the rows. Of a chat whose next row another node has taken meanwhile, nothing is taken. */
    private List<List<Delivery>> take(String endpoint, List<List<Long>> chats, long now) {
        long until = now + CLAIM_MILLIS;
        var seqs = padded(chats.stream().flatMap(List::stream).toList());
        var values = new ArrayList<Object>(seqs);
        values.addAll(List.of(now, now, endpoint, now, until, holder));
        return store.write(tx -> {
            var rows = new HashMap<Long, Delivery>();
            tx.all(
                            row -> new Delivery(row.number(1), row.text(2), row.text(3), (int) row.number(4), until),
                            "WITH due AS MATERIALIZED (SELECT seq FROM delivery WHERE seq IN ("
                                    + marks("?", seqs.size())
                                    + ") AND state = " + Code.WAITING
                                    + " AND due_at <= ? AND (claimed_by = '' OR claimed_until <= ?) " + OF_OTHER_CHATS
                                    + store.dialect().skipLocked()
                                    + ") UPDATE delivery SET claimed_until = ?, claimed_by = ? "
                                    + "WHERE seq IN (SELECT seq FROM due) RETURNING seq, event, body, attempts",
                            values.toArray())
                    .forEach(row -> rows.put(row.seq(), row));
            var taken = new ArrayList<List<Delivery>>();
            for (var chat : chats) {
                var run = new ArrayList<Delivery>();
                for (var seq : chat) {
                    var row = rows.get(seq);
                    if (row == null) {
                        break;
                    }
                    run.add(row);
                    rows.remove(seq);
                }
                if (!run.isEmpty()) {
                    taken.add(List.copyOf(run));
                }
            }
            giveBack(tx, rows.keySet());
            return List.copyOf(taken);
        });
    }

    private void giveBack(Tx tx, Collection<Long> seqs) {
        for (var seq : seqs) {
            tx.update("UPDATE delivery SET claimed_by = '' WHERE seq = ? AND claimed_by = ?", seq, holder);
        }
    }

    /** Gives back what this process claimed and did not attempt. */
    void release() {
        store.write(tx -> tx.update(
                "UPDATE delivery SET claimed_by = '' WHERE state = " + Code.WAITING
                        + " AND claimed_by <> '' AND claimed_by = ?",
                holder));
    }

    /**
     * Takes back what an earlier process of this installation held when it died. Only where one process owns the
     * database; elsewhere the others' claims look the same, and time gives the rows back.
     */
    void recover() {
        if (store.dialect() == SqlDialect.SQLITE) {
            store.write(tx -> tx.update(
                    "UPDATE delivery SET claimed_by = '' WHERE state = " + Code.WAITING + " AND claimed_by <> ''"));
        }
    }

    /** The numbers, the last of them repeated up to a power of two, so that few different statements come of them. */
    static List<Long> padded(List<Long> seqs) {
        var padded = new ArrayList<>(seqs);
        while (Integer.bitCount(padded.size()) != 1) {
            padded.add(seqs.getLast());
        }
        return padded;
    }

    static String marks(String mark, int count) {
        return String.join(", ", Collections.nCopies(count, mark));
    }
}
