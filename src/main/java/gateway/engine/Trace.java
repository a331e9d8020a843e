package gateway.engine;

import java.util.List;

/**
 * What a connection says and hears, for a report: keys, numbers, names and texts are replaced by pseudonyms, which are
 * the same throughout one trace. It ends by itself, also when nobody reads it.
 */
public interface Trace {
    /** The lines behind a number, the oldest first, at most so many. */
    List<Line> after(long number, int most);

    /** Whether nothing more is added. */
    boolean isEnded();

    /** Ends it, and drops what was not read. */
    void end();

    /**
     * One stanza, or a note of the trace itself.
     *
     * @param number rises by one with each line; a gap is what was dropped because nobody read it
     */
    record Line(long number, String text) {}
}
