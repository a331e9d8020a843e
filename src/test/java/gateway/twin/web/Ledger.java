package gateway.twin.web;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the twin saw, in order: at most the last {@value #MAX} entries. */
final class Ledger {
    static final int MAX = 200_000;

    /** One thing seen. */
    record Entry(long seq, String at, String what, String detail) {}

    private final List<Entry> entries = new ArrayList<>();
    private long seq;

    synchronized void add(String what, String detail) {
        if (entries.size() == MAX) {
            entries.subList(0, MAX / 2).clear();
        }
        entries.add(new Entry(++seq, Instant.now().toString(), what, detail));
    }

    synchronized List<Entry> entries(long after) {
        return entries.stream().filter(entry -> entry.seq() > after).toList();
    }
}
