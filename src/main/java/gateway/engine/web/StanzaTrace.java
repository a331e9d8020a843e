package gateway.engine.web;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import gateway.engine.Trace;
import gateway.engine.web.node.Node;

/** A trace in memory: at most {@value #MAX_LINES} lines, of which the oldest give way. */
final class StanzaTrace implements Trace {
    private static final int MAX_LINES = 1_000;
    /** A trace that nobody reads for so long ends. */
    private static final Duration UNREAD = Duration.ofMinutes(1);

    private final Pseudonyms pseudonyms = new Pseudonyms(Dialer.RANDOM);
    private final Deque<Line> lines = new ArrayDeque<>();
    private final InstantSource clock;
    private final long end;
    private long lastRead = System.nanoTime();
    private long number;
    private boolean ended;

    StanzaTrace(Duration length, InstantSource clock) {
        this.clock = clock;
        this.end = System.nanoTime() + length.toNanos();
    }

    /** Notes a stanza that came in ({@code <}) or went out ({@code >}). */
    void add(char direction, Node stanza) {
        if (!isEnded()) {
            note(direction + " " + pseudonyms.text(stanza));
        }
    }

    /** Notes what happens to the connection; the text holds nothing secret. */
    synchronized void note(String text) {
        if (isEnded()) {
            return;
        }
        if (lines.size() == MAX_LINES) {
            lines.removeFirst();
        }
        lines.add(new Line(++number, Instant.ofEpochMilli(clock.millis()) + " " + text));
    }

    @Override
    public synchronized List<Line> after(long seen, int most) {
        lastRead = System.nanoTime();
        while (!lines.isEmpty() && lines.getFirst().number() <= seen) {
            lines.removeFirst();
        }
        return lines.stream().limit(most).toList();
    }

    @Override
    public synchronized boolean isEnded() {
        long now = System.nanoTime();
        if (!ended && (now - end >= 0 || now - lastRead >= UNREAD.toNanos())) {
            ended = true;
        }
        return ended;
    }

    @Override
    public synchronized void end() {
        ended = true;
        lines.clear();
    }
}
